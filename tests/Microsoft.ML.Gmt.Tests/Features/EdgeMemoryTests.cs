using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Features;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Graph;

namespace Microsoft.ML.Gmt.Tests.Features;

[TestClass]
public sealed class EdgeMemoryTests
{
    [TestMethod]
    [DataRow(30.0)]
    [DataRow(2.0)]
    public void The_prediction_is_that_of_a_ridge_regression_fitted_anew_without_the_row_and_the_hidden_edges(double regularization) =>
        Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            var edges = new SignedEdges(graph);
            IRidgeInverse[] inverses = [new DenseRidgeInverse(edges, regularization), new SolvedRidgeInverse(edges, regularization)];
            foreach (TripleQuery query in TripleFeaturizerTests.Queries(graph))
            {
                HashSet<Triple> seen = [.. graph.Triples(GraphSplit.Train)];
                seen.Remove(query.Triple);
                seen.Remove(query.Hidden);
                var asked = new FeatureQuery(edges, query);
                foreach (FeatureSide side in new[] { asked.Head, asked.Tail })
                {
                    double expected = Refit(seen, graph, side, regularization);
                    foreach (IRidgeInverse inverse in inverses)
                    {
                        Assert.AreEqual(
                            expected, RidgePrediction.Of(inverse, asked.Edges, side), 2e-4 * (1 + Math.Abs(expected)),
                            $"{query}, {side}, {inverse.GetType().Name}, in {string.Join(' ', seen)}");
                    }
                }
            }
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Entities_are_told_apart_by_their_other_edges()
    {
        KnowledgeGraph graph = Graphs.Typed();
        var edges = new SignedEdges(graph);
        var inverse = new DenseRidgeInverse(edges, EdgeMemoryFeatures.DefaultRegularization);
        double Score(Triple triple)
        {
            var query = new FeatureQuery(edges, triple);
            return RidgePrediction.Of(inverse, query.Edges, query.Head) + RidgePrediction.Of(inverse, query.Edges, query.Tail);
        }

        Triple[] held = graph.Triples(GraphSplit.Validation).ToArray();
        int right = held.Count(triple => Score(triple) > Score(triple with { Tail = (triple.Tail + 12) % 48 }));
        Assert.IsGreaterThan(0.9 * held.Length, right, "a tail of the wrong kind has a lower score");
    }

    [TestMethod]
    public void The_scorer_gives_what_the_slots_hold_and_masks_the_query_in_its_own_row()
    {
        KnowledgeGraph graph = Graphs.Typed();
        var edges = new SignedEdges(graph);
        var inverse = new DenseRidgeInverse(edges, EdgeMemoryFeatures.DefaultRegularization);
        var scorer = new EdgeMemoryScorer(graph, edges, inverse);
        Triple[] asked = [.. graph.Triples(GraphSplit.Train)[..20], .. graph.Triples(GraphSplit.Validation)[..20]];
        float[] scores = new float[asked.Length], slots = new float[3];
        scorer.Score(asked, QueryMask.Compatible, scores);
        float[] heads = new float[asked.Length * 48], tails = new float[asked.Length * 48], unmasked = new float[asked.Length * 48];
        ((ITripleScorer)scorer).ScoreBothSides(asked, QueryMask.Full, heads, tails);
        scorer.ScoreTails(asked, QueryMask.None, unmasked);
        for (int row = 0; row < asked.Length; row++)
        {
            new EdgeMemoryFeatures(inverse).Compute(new FeatureQuery(edges, asked[row]), new FeatureScratch(edges), slots);
            Assert.AreEqual(slots[2], scores[row]);
            Assert.AreEqual(slots[2], tails[(row * 48) + asked[row].Tail]);
            Assert.AreEqual(slots[2], heads[(row * 48) + asked[row].Head]);
            if (!edges.Contains(asked[row].Head, 2 * asked[row].Relation, asked[row].Tail))
            {
                CollectionAssert.AreEqual(tails[(row * 48)..((row + 1) * 48)], unmasked[(row * 48)..((row + 1) * 48)]);
            }
        }
    }

    /// <summary>Solves (X Xᵀ + λ I) α = y without the column of the item and the row of the entity, and predicts the entity.</summary>
    private static double Refit(HashSet<Triple> seen, KnowledgeGraph graph, FeatureSide side, double regularization)
    {
        int entities = graph.Entities.Count, relations = graph.Relations.Count;
        var columns = new List<double[]>();
        double[] target = [];
        for (int signed = 0; signed < 2 * relations; signed++)
        {
            for (int neighbor = 0; neighbor < entities; neighbor++)
            {
                double[] column =
                [
                    .. Enumerable.Range(0, entities).Select(entity => seen.Contains(
                        (signed & 1) == 0 ? new Triple(entity, signed / 2, neighbor) : new Triple(neighbor, signed / 2, entity)) ? 1.0 : 0),
                ];
                if ((signed, neighbor) == (side.Signed, side.Other))
                {
                    target = column;
                }
                else
                {
                    columns.Add(column);
                }
            }
        }

        int[] rows = [.. Enumerable.Range(0, entities).Where(entity => entity != side.Entity)];
        double[,] system = new double[rows.Length, rows.Length + 1];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++)
            {
                system[i, j] = columns.Sum(column => column[rows[i]] * column[rows[j]]) + (i == j ? regularization : 0);
            }

            system[i, rows.Length] = target[rows[i]];
        }

        double[] dual = Solve(system);
        return rows.Select((row, i) => dual[i] * columns.Sum(column => column[row] * column[side.Entity])).Sum();
    }

    private static double[] Solve(double[,] system)
    {
        int size = system.GetLength(0);
        for (int pivot = 0; pivot < size; pivot++)
        {
            for (int row = 0; row < size; row++)
            {
                double factor = row == pivot ? 0 : system[row, pivot] / system[pivot, pivot];
                for (int column = pivot; column <= size && factor != 0; column++)
                {
                    system[row, column] -= factor * system[pivot, column];
                }
            }
        }

        return [.. Enumerable.Range(0, size).Select(row => system[row, size] / system[row, row])];
    }
}
