using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Features;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Graph;

namespace Microsoft.ML.Gmt.Tests.Features;

[TestClass]
public sealed class TripleFeaturizerTests
{
    [TestMethod]
    public void Every_slot_is_what_a_naive_computation_gives_on_the_graph_without_the_hidden_triples() =>
        Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            TripleQuery[] queries = Queries(graph);
            TripleFeaturizer featurizer = Featurizer(graph);
            float[] values = Compute(featurizer, queries);
            HashSet<Triple> triples = [.. graph.Triples(GraphSplit.Train)];
            for (int row = 0; row < queries.Length; row++)
            {
                HashSet<Triple> seen = [.. triples];
                seen.Remove(queries[row].Triple);
                seen.Remove(queries[row].Hidden);
                var naive = new NaiveFeatures(seen, graph.Entities.Count, graph.Relations.Count);
                Dictionary<string, double> expected = naive.Of(queries[row].Triple);
                CollectionAssert.AreEquivalent(expected.Keys, featurizer.Slots.Select(slot => slot.Name).ToArray());
                for (int i = 0; i < featurizer.Slots.Count; i++)
                {
                    string slot = featurizer.Slots[i].Name;
                    Assert.AreEqual(
                        expected[slot], values[(row * featurizer.Slots.Count) + i], 1e-5 * (1 + Math.Abs(expected[slot])),
                        $"{slot} of {queries[row]} in {string.Join(' ', triples)}");
                }
            }
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void The_graph_without_the_triple_gives_the_same_bits() =>
        Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            TripleFeaturizer featurizer = Featurizer(graph);
            foreach (TripleQuery query in Queries(graph))
            {
                TripleFeaturizer without = Featurizer(Without(graph, query));
                CollectionAssert.AreEqual(Compute(without, [query]), Compute(featurizer, [query]), $"{query}");
            }
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Validation_and_test_triples_and_their_order_change_no_bit() =>
        Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            var builder = new KnowledgeGraphBuilder(
                Enumerable.Range(0, graph.Entities.Count).Select(id => graph.Entities[id]),
                Enumerable.Range(0, graph.Relations.Count).Select(id => graph.Relations[id]));
            Triple[] train = graph.Triples(GraphSplit.Train).ToArray();
            Array.Reverse(train);
            builder.AddRange(train);
            builder.AddRange(graph.Negatives(GraphSplit.Test), GraphSplit.Validation);
            builder.AddRange(graph.Triples(GraphSplit.Validation), GraphSplit.Test);
            TripleQuery[] queries = Queries(graph);
            CollectionAssert.AreEqual(Compute(Featurizer(graph), queries), Compute(Featurizer(builder.Build(!graph.AddInverse)), queries));
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Neighbors_by_text_vote_as_defined_without_the_hidden_triples()
    {
        KnowledgeGraph graph = Graphs.Random(entities: 20, relations: 3, triples: 120);
        var random = new System.Random(3);
        float[] Vector() => [.. Enumerable.Range(0, 6).Select(_ => (float)(random.NextDouble() - 0.3))];
        float[][] vectors = [.. Enumerable.Range(0, 20).Select(entity => entity == 7 ? [] : Vector())];
        var edges = new SignedEdges(graph);
        TextNeighbors texts = TextNeighbors.Find([.. vectors.Select(vector => (ReadOnlyMemory<float>)vector)], 4, CancellationToken.None);
        var featurizer = new TripleFeaturizer(edges, [new TextFeatures(texts)]);
        foreach (Triple triple in graph.Triples(GraphSplit.Train).ToArray().Distinct())
        {
            HashSet<Triple> seen = [.. graph.Triples(GraphSplit.Train)];
            seen.Remove(triple);
            float[] values = Compute(featurizer, [triple]);
            Check(values[..3], triple.Head, triple, entity => triple with { Head = entity }, other => other.Head);
            Check(values[3..], triple.Tail, triple, entity => triple with { Tail = entity }, other => other.Tail);

            void Check(float[] side, int entity, Triple asked, Func<int, Triple> replaced, Func<Triple, int> end)
            {
                (int Id, double Cosine)[] nearest = vectors[entity].Length == 0 ? [] :
                [
                    .. Enumerable.Range(0, 20).Where(other => other != entity && vectors[other].Length > 0)
                        .Select(other => (other, Cosine(vectors[entity], vectors[other]))).OrderByDescending(pair => pair.Item2).Take(4)
                        .Select(pair => (pair.other, Math.Max(0, pair.Item2))),
                ];
                double all = nearest.Sum(pair => pair.Cosine);
                (int Id, double Cosine)[] stated = [.. nearest.Where(pair => seen.Contains(replaced(pair.Id)))];
                HashSet<int> having = [.. seen.Where(other => other.Relation == asked.Relation).Select(end)];
                double kind = nearest.Where(pair => having.Contains(pair.Id)).Sum(pair => pair.Cosine);
                Assert.AreEqual(all == 0 ? 0 : stated.Sum(pair => pair.Cosine) / all, side[0], 1e-5);
                Assert.AreEqual(all == 0 ? 0 : kind / all, side[1], 1e-5);
                Assert.AreEqual(stated.Select(pair => pair.Cosine).DefaultIfEmpty(0).Max(), side[2], 1e-5);
            }
        }
    }

    [TestMethod]
    public void Every_slot_is_documented()
    {
        string page = File.ReadAllText(Path.Combine(Goldens.RepositoryRoot, "docs", "features.md"));
        KnowledgeGraph graph = Graphs.Random(entities: 5, relations: 2, triples: 8);
        var edges = new SignedEdges(graph);
        var texts = new TextNeighbors([[], [], [], [], []], [[], [], [], [], []]);
        foreach (FeatureSlot slot in TripleFeaturizer.CountGroups(edges, texts).SelectMany(group => group.Slots))
        {
            StringAssert.Contains(page, $"| `{slot.Name}` | {slot.Meaning} |");
        }
    }

    internal static TripleQuery[] Queries(KnowledgeGraph graph)
    {
        Triple[] train = [.. graph.Triples(GraphSplit.Train).ToArray().Take(6)];
        (int entities, int relations) = (graph.Entities.Count, graph.Relations.Count);
        return
        [
            .. TripleQuery.Of(train),
            .. train.Select(triple => new TripleQuery(triple with { Tail = (triple.Tail + 1) % entities }, triple)),
            .. train.Select(triple => new TripleQuery(triple with { Head = (triple.Head + 3) % entities }, triple)),
            .. train.Select(triple => (TripleQuery)new Triple(triple.Tail, (triple.Relation + 1) % relations, triple.Head)),
        ];
    }

    internal static KnowledgeGraph Without(KnowledgeGraph graph, TripleQuery query)
    {
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, graph.Entities.Count).Select(id => graph.Entities[id]),
            Enumerable.Range(0, graph.Relations.Count).Select(id => graph.Relations[id]));
        Triple[] train = graph.Triples(GraphSplit.Train).ToArray();
        builder.AddRange(Array.FindAll(train, triple => triple != query.Triple && triple != query.Hidden));
        return builder.Build();
    }

    private static double Cosine(float[] one, float[] other) =>
        one.Zip(other, (a, b) => (double)a * b).Sum() / Math.Sqrt(one.Sum(a => (double)a * a) * other.Sum(b => (double)b * b));

    private static TripleFeaturizer Featurizer(KnowledgeGraph graph)
    {
        var edges = new SignedEdges(graph);
        return new TripleFeaturizer(edges, TripleFeaturizer.CountGroups(edges));
    }

    private static float[] Compute(TripleFeaturizer featurizer, TripleQuery[] queries)
    {
        float[] values = new float[queries.Length * featurizer.Slots.Count];
        featurizer.Compute(queries, values, featurizer.Slots.Count);
        return values;
    }
}
