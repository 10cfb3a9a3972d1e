using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Features;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class FeatureScorerTests
{
    private const int Scores = 12;
    private const int Seed = 1;

    private static readonly KnowledgeGraph Graph = Pipelines.Graph;

    [TestMethod]
    public void The_slots_of_a_scorer_are_what_is_documented_of_its_scores()
    {
        using FeaturizeTriplesTransformer features = Fit(Graph.ToLabeledDataView(GraphSplit.Validation), new MemorizingEstimator(Graph));
        Triple[] asked = [.. Graph.Triples(GraphSplit.Validation), .. Graph.Negatives(GraphSplit.Validation)];
        var scorer = new MemorizingScorer(Graph, Graph.Triples(GraphSplit.Train).ToArray());
        var known = new KnownTriples(Graph, GraphSplit.Train);
        float[][] rows = Rows(features, Graph.ToLabeledDataView(GraphSplit.Validation));
        Assert.HasCount(asked.Length, rows);
        for (int row = 0; row < asked.Length; row++)
        {
            (int head, int relation, int tail) = asked[row];
            Check(rows[row][^12..^6], tail, entity => asked[row] with { Tail = entity }, known.TailsOf(head, relation).ToArray());
            Check(rows[row][^6..], head, entity => asked[row] with { Head = entity }, known.HeadsOf(relation, tail).ToArray());
        }

        void Check(float[] slots, int answer, Func<int, Triple> candidate, int[] answers)
        {
            double[] scores = [.. Enumerable.Range(0, Graph.Entities.Count).Select(entity => (double)scorer.Of(candidate(entity)))];
            int[] others = [.. answers.Where(other => other != answer)];
            double[] rivals = [.. scores.Where((_, entity) => entity != answer && !others.Contains(entity))];
            double mass = scores.Sum(Math.Exp), knownMass = others.Sum(other => Math.Exp(scores[other]));
            double[] expected =
            [
                scores[answer], scores[answer] - Math.Log(mass), scores[answer] - Math.Log(mass - knownMass),
                Math.Log(1 + rivals.Count(score => score > scores[answer]) + (rivals.Count(score => score == scores[answer]) / 2.0)),
                scores[answer] - rivals.Max(), knownMass / mass,
            ];
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.AreEqual(expected[i], slots[i], 1e-4, $"slot {i}");
            }
        }
    }

    [TestMethod]
    public void Edges_and_new_facts_get_scores_of_a_part_that_was_fitted_without_their_fold()
    {
        var estimator = new MemorizingEstimator(Graph);
        IDataView rows = Graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);
        using FeaturizeTriplesTransformer features = Fit(rows, estimator);
        int train = Graph.Triples(GraphSplit.Train).Length;
        Assert.AreEqual(train, estimator.Rows[0]);
        Assert.HasCount(6, estimator.Rows);
        Assert.AreEqual(4 * train, estimator.Rows.Skip(1).Sum(), "each triple is left out once");

        float[][] seen = Rows(features, rows);
        var whole = new MemorizingScorer(Graph, Graph.Triples(GraphSplit.Train).ToArray());
        Triple[] positives = Graph.Triples(GraphSplit.Train).ToArray();
        for (int i = 0; i < positives.Length; i++)
        {
            // A part that knew it by heart would give 3 more; shares of fewer triples differ by less than the rest.
            Assert.IsLessThan(whole.Of(positives[i]) - 2, seen[2 * i][^Scores]);
        }

        float[][] unseen = Rows(features, Graph.ToLabeledDataView(GraphSplit.Test));
        var folds = new TripleFolds(5, Seed);
        Triple[] test = Graph.Triples(GraphSplit.Test).ToArray();
        for (int i = 0; i < test.Length; i++)
        {
            int own = folds.Of(test[i]);
            Assert.AreEqual(
                new MemorizingScorer(Graph, Array.FindAll(positives, triple => folds.Of(triple) != own)).Of(test[i]), unseen[i][^Scores]);
        }
    }

    [TestMethod]
    public void Scores_of_edges_are_spread_as_those_of_facts_that_are_held_out()
    {
        KnowledgeGraph graph = KnowledgeGraphReader.Read(Path.Combine(Goldens.RepositoryRoot, "examples", "data", "codex-s"));
        IDataView train = new MLContext(seed: 1).Data.TakeRows(
            new MLContext(seed: 1).Data.ShuffleRows(graph.ToDataView(), seed: 1, shufflePoolSize: 40_000, shuffleSource: true), 1500);
        using FeaturizeTriplesTransformer features = Fit(train, new MemorizingEstimator(graph), graph, edgeMemory: false);
        float[][] edges = Rows(features, train), held = Rows(features, graph.ToDataView(GraphSplit.Validation));
        for (int slot = edges[0].Length - Scores; slot < edges[0].Length; slot++)
        {
            double distance = KolmogorovSmirnov([.. edges.Select(row => row[slot])], [.. held.Select(row => row[slot])]);
            Assert.IsLessThanOrEqualTo(0.1, distance, features.SlotNames[slot]);
        }

        // The test can fail: of a model that has seen them, scores of edges are higher.
        var whole = new MemorizingScorer(graph, graph.Triples(GraphSplit.Train).ToArray());
        float[] Scored(GraphSplit split) => [.. graph.Triples(split).ToArray().Select(whole.Of)];
        Assert.IsGreaterThan(0.5, KolmogorovSmirnov(Scored(GraphSplit.Train), Scored(GraphSplit.Validation)));
    }

    [TestMethod]
    public void A_fitted_scorer_that_saw_the_rows_is_refused_with_the_remedy()
    {
        var fitted = new MemorizingTransformer(Graph, Graph.Triples(GraphSplit.Train).ToArray());
        FeaturizeTriplesEstimator estimator = Estimator(FeatureScorer.Of("Known", (ITransformer)fitted));
        var refused = Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(Graph.ToDataView()));
        StringAssert.Contains(refused.Message, "Give the estimator in its place");
        StringAssert.Contains(refused.Message, "person 0");

        using FeaturizeTriplesTransformer features = estimator.Fit(Graph.ToLabeledDataView(GraphSplit.Validation));
        Assert.IsFalse(float.IsNaN(Rows(features, Graph.ToLabeledDataView(GraphSplit.Test))[0][^1]));
        Assert.IsTrue(float.IsNaN(Rows(features, Graph.ToDataView())[0][^1]), "an edge that it saw has no score");
        features.Dispose();
        Assert.IsFalse(fitted.IsDisposed, "what was given fitted is the caller's");
    }

    [TestMethod]
    public void A_scorer_that_was_fitted_on_rows_that_are_no_edges_is_refused_and_later_has_no_score_of_them()
    {
        Triple[] validation = Graph.Triples(GraphSplit.Validation).ToArray();
        FeaturizeTriplesEstimator estimator = Estimator(
            FeatureScorer.Of("Known", (ITransformer)new MemorizingTransformer(Graph, validation)));
        var refused = Assert.ThrowsExactly<InvalidOperationException>(
            () => estimator.Fit(Graph.ToLabeledDataView(GraphSplit.Validation)));
        StringAssert.Contains(refused.Message, Graph.TripleText(validation[0]));

        using FeaturizeTriplesTransformer features = estimator.Fit(Graph.ToLabeledDataView(GraphSplit.Test));
        float[][] rows = Rows(features, Graph.ToLabeledDataView(GraphSplit.Validation));
        Assert.IsTrue(rows.Take(validation.Length).All(row => float.IsNaN(row[^1])));
        Assert.IsTrue(rows.Skip(validation.Length).All(row => float.IsFinite(row[^1])));
    }

    [TestMethod]
    public void A_scorer_of_a_graph_that_states_more_is_refused()
    {
        var builder = new KnowledgeGraphBuilder(Graph.Entities.Names, Graph.Relations.Names);
        foreach (Triple triple in (Triple[])[.. Graph.Triples(GraphSplit.Train), Graph.Triples(GraphSplit.Test)[0]])
        {
            builder.Add(Graph.Entities[triple.Head], Graph.Relations[triple.Relation], Graph.Entities[triple.Tail]);
        }

        KnowledgeGraph more = builder.Build();
        using SgmTransformer fitted = new MLContext(seed: 1).Transforms.SgmPretrain(more, Pipelines.Options).Fit(more.ToDataView());
        foreach (FeatureScorer scorer in (FeatureScorer[])
        [
            FeatureScorer.Of("Sgm", fitted),
            FeatureScorer.Of("Sgm", new MLContext(seed: 1).Transforms.SgmPretrain(more, Pipelines.Options)),
        ])
        {
            var refused = Assert.ThrowsExactly<ArgumentException>(
                () => Estimator(scorer).Fit(Graph.ToLabeledDataView(GraphSplit.Validation)));
            StringAssert.Contains(refused.Message, "1 training triples that the features' graph lacks");
        }
    }

    [TestMethod]
    public void A_scorer_whose_run_was_cancelled_gives_no_features()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        MLContext ml = new(seed: 1);
        FeaturizeTriplesEstimator estimator = Estimator(FeatureScorer.Of(
            "Embedding", ml.Transforms.EmbedKnowledgeGraph(Graph, KgeModel.ComplEx, new KgeEstimator.Options
            {
                Training = new KgeTrainingOptions { EmbeddingDimension = 4 },
                CancellationToken = cancelled.Token,
            })));
        Assert.ThrowsExactly<OperationCanceledException>(() => estimator.Fit(Graph.ToLabeledDataView(GraphSplit.Validation)));
    }

    [TestMethod]
    public void A_part_that_was_fitted_on_other_rows_than_it_was_given_is_refused()
    {
        FeaturizeTriplesEstimator estimator = Estimator(FeatureScorer.Of("Deaf", new DeafEstimator()));
        var refused = Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(Graph.ToDataView()));
        StringAssert.Contains(refused.Message, "must learn from the rows it is given");
    }

    [TestMethod]
    public void Rows_that_ask_the_same_question_share_its_scores()
    {
        var fitted = new MemorizingTransformer(Graph, Graph.Triples(GraphSplit.Train).ToArray());
        using FeaturizeTriplesTransformer features =
            Estimator(FeatureScorer.Of("Known", (ITransformer)fitted)).Fit(Graph.ToLabeledDataView(GraphSplit.Validation));
        Triple[] asked = [.. Graph.Triples(GraphSplit.Validation), .. Graph.Negatives(GraphSplit.Validation)];
        Rows(features, Graph.ToLabeledDataView(GraphSplit.Validation));
        int distinct = asked.DistinctBy(triple => (triple.Head, triple.Relation)).Count()
            + asked.DistinctBy(triple => (triple.Relation, triple.Tail)).Count();
        Assert.AreEqual(distinct, ((MemorizingScorer)fitted.Scorer).Asked);
    }

    [TestMethod]
    public void A_scorer_that_masks_is_fitted_once_and_saved_with_the_features()
    {
        MLContext ml = new(seed: 1);
        FeaturizeTriplesEstimator estimator = ml.Transforms.FeaturizeTriples("Features", Graph, new FeaturizeTriplesEstimator.Options
        {
            Scorers = [FeatureScorer.Of("Sgm", ml.Transforms.SgmPretrain(Graph, Pipelines.Options))],
        });
        IDataView rows = Graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);
        using FeaturizeTriplesTransformer features = estimator.Fit(rows);
        float[][] values = Rows(features, rows);
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "features.zip");
        ml.Model.Save(features, rows.Schema, path);
        using var loaded = (FeaturizeTriplesTransformer)new MLContext().Model.Load(path, out _);
        CollectionAssert.AreEqual(features.SlotNames.ToArray(), loaded.SlotNames.ToArray());
        float[][] again = Rows(loaded, rows);
        for (int row = 0; row < values.Length; row++)
        {
            CollectionAssert.AreEqual(values[row], again[row]);
        }
    }

    private static FeaturizeTriplesEstimator Estimator(FeatureScorer scorer, KnowledgeGraph? graph = null, bool? edgeMemory = null) =>
        new MLContext(Seed).Transforms.FeaturizeTriples(
            "Features", graph ?? Graph, new FeaturizeTriplesEstimator.Options { Scorers = [scorer], EdgeMemory = edgeMemory });

    private static FeaturizeTriplesTransformer Fit(
        IDataView rows, MemorizingEstimator estimator, KnowledgeGraph? graph = null, bool? edgeMemory = null) =>
        Estimator(FeatureScorer.Of("Known", estimator), graph, edgeMemory).Fit(rows);

    private static float[][] Rows(FeaturizeTriplesTransformer features, IDataView data) =>
        [.. features.Transform(data).GetColumn<float[]>("Features")];

    private static double KolmogorovSmirnov(float[] one, float[] other)
    {
        Array.Sort(one);
        Array.Sort(other);
        return one.Concat(other).Distinct().Max(value => Math.Abs(Share(one, value) - Share(other, value)));

        static double Share(float[] sorted, float value)
        {
            int at = Array.BinarySearch(sorted, value);
            for (at = at < 0 ? ~at : at; at < sorted.Length && sorted[at] <= value; at++)
            {
            }

            while (at > 0 && sorted[at - 1] > value)
            {
                at--;
            }

            return (double)at / sorted.Length;
        }
    }

    /// <summary>Learns from all training triples, whatever rows it is given.</summary>
    private sealed class DeafEstimator : IEstimator<MemorizingTransformer>
    {
        public MemorizingTransformer Fit(IDataView input) => new(Graph, Graph.Triples(GraphSplit.Train).ToArray());

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;
    }
}
