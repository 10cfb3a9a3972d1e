using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class EntityRankingTests
{
    private static readonly Dictionary<string, GraphSplit[]> Filters = new()
    {
        ["train_valid_test"] = [GraphSplit.Train, GraphSplit.Validation, GraphSplit.Test],
        ["train_test"] = [GraphSplit.Train, GraphSplit.Test],
    };

    public static IEnumerable<object[]> Cases => Goldens.Cases("ranks", folder => File.Exists(Path.Combine(folder, "ranks.safetensors"))).Select(folder => new object[] { folder });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Ranks_equal_those_of_PyKEEN(string folder)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "ranks.safetensors"));
        using var settings = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "metrics.json")));
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(Goldens.DataSet(settings.RootElement.GetProperty("dataset").GetString()!));
        Triple[] triples = SgmGolden.Triples(file.Get("test").to(ScalarType.Int64));
        foreach ((string name, GraphSplit[] splits) in Filters)
        {
            var known = new KnownTriples(WithTest(graph, triples), splits);
            IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(file.Get("entity").clone(), file.Get("relation").clone(), triples, known);
            foreach ((string side, Func<TripleRanks, EntityRank> of) in new (string, Func<TripleRanks, EntityRank>)[] { ("head", rank => rank.Head), ("tail", rank => rank.Tail) })
            {
                Equal(file.Get($"{name}.{side}.optimistic"), ranks.Select(rank => (double)of(rank).Optimistic), $"{name} {side} optimistic");
                Equal(file.Get($"{name}.{side}.realistic"), ranks.Select(rank => of(rank).Realistic), $"{name} {side} realistic");
                Equal(file.Get($"{name}.{side}.pessimistic"), ranks.Select(rank => (double)of(rank).Pessimistic), $"{name} {side} pessimistic");
                Equal(file.Get($"{name}.{side}.candidates"), ranks.Select(rank => (double)of(rank).Candidates), $"{name} {side} candidates");
            }

            double expected = settings.RootElement.GetProperty("metrics").GetProperty(name).GetProperty("both.realistic.inverse_harmonic_mean_rank").GetDouble();
            Assert.AreEqual(expected, EntityRanking.MeanReciprocalRank(ranks), 1e-6, name);
        }
    }

    [TestMethod]
    public void Ranks_equal_scoring_each_candidate_on_its_own() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            using var scope = NewDisposeScope();
            using Generator generator = new(2);

            // Small integers: exact in any order of summation, with many ties.
            Tensor entities = randint(-2, 3, [graph.Entities.Count, 3], ScalarType.Float32, generator: generator);
            Tensor relations = randint(-2, 3, [graph.Relations.Count, 3], ScalarType.Float32, generator: generator);
            float Score(Triple triple) => (entities[triple.Head] * relations[triple.Relation] * entities[triple.Tail]).sum().item<float>();
            var known = new KnownTriples(graph);
            foreach (TripleRanks ranks in EntityRanking.Rank(entities, relations, [.. graph.Triples(GraphSplit.Test).ToArray().Take(5)], known))
            {
                float own = Score(ranks.Triple);
                IEnumerable<Triple> tails = Enumerable.Range(0, graph.Entities.Count).Select(entity => ranks.Triple with { Tail = entity });
                float[] others = [.. tails.Where(triple => triple != ranks.Triple && !known.Contains(triple)).Select(Score)];
                Assert.AreEqual(new EntityRank(others.Count(score => score > own), others.Count(score => score == own), others.Length + 1), ranks.Tail);
            }
        }));

    [TestMethod]
    public void A_score_that_is_not_a_number_comes_last_and_never_first()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Tensor entities = tensor(new float[] { 1, 2, float.NaN }).unsqueeze(-1);
        Tensor relations = ones(1, 1);
        Assert.AreEqual(new EntityRank(2, 0, 3), EntityRanking.Rank(entities, relations, [new Triple(0, 0, 2)], filter: null)[0].Tail);
        Assert.AreEqual(new EntityRank(2, 0, 3), EntityRanking.Rank(entities, relations, [new Triple(0, 0, 0)], filter: null)[0].Tail);
    }

    [TestMethod]
    public void Ids_without_a_vector_are_refused()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EntityRanking.Rank(ones(2, 3), ones(1, 3), [new Triple(0, 1, 1)], filter: null));
    }

    /// <summary>PyKEEN knows of the test triples only those that it ranks, not the rest of the file.</summary>
    private static KnowledgeGraph WithTest(KnowledgeGraph graph, Triple[] test)
    {
        var builder = new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names);
        builder.AddRange(graph.Triples(GraphSplit.Train), GraphSplit.Train);
        builder.AddRange(graph.Triples(GraphSplit.Validation), GraphSplit.Validation);
        builder.AddRange(test, GraphSplit.Test);
        return builder.Build();
    }

    private static void Equal(Tensor expected, IEnumerable<double> actual, string what)
    {
        Tensor wanted = expected.to(ScalarType.Float64);
        CollectionAssert.AreEqual(wanted.data<double>().ToArray(), actual.ToArray(), what.ToString(CultureInfo.InvariantCulture));
    }
}
