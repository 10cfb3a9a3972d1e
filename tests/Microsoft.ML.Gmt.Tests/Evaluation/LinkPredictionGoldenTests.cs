using System.Text.Json;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Ranking;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

/// <summary>Ranks and figures against PyKEEN's, for models whose scores are exact integers full of ties.</summary>
[TestClass]
public sealed class LinkPredictionGoldenTests
{
    private const double Tolerance = 1e-6;

    private static readonly string[] Sides = ["head", "tail", "both"];

    [TestMethod]
    [GoldenCases("ranks", "ranks.safetensors")]
    public void Ranks_equal_PyKEENs(string folder)
    {
        using var scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "ranks.safetensors"));
        Triple[] test = Test(file);
        KnowledgeGraph graph = WithTest(
            KnowledgeGraphReader.ReadOpenKe(Goldens.DataSet(Metrics(folder).RootElement.GetProperty("dataset").GetString()!)), test);
        foreach (string filter in Filters(folder))
        {
            GraphSplit[] splits = [.. filter.Split('_').Select(Split)];
            var scorer = new VectorScorer(graph, file.Get("entity").to(ScalarType.Float32), file.Get("relation").to(ScalarType.Float32));
            IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(scorer, test, new KnownTriples(graph, splits), QueryMask.None);
            Assert.AreEqual(test.Length, ranks.Count);
            AssertEqual(Recorded(file, filter, "head"), [.. ranks.Select(rank => rank.Head)], $"{filter} head");
            AssertEqual(Recorded(file, filter, "tail"), [.. ranks.Select(rank => rank.Tail)], $"{filter} tail");
            double expected = Metrics(folder).RootElement.GetProperty("metrics").GetProperty(filter).GetProperty(
                "both.realistic.inverse_harmonic_mean_rank").GetDouble();
            Assert.AreEqual(expected, EntityRanking.MeanReciprocalRank(ranks), Tolerance, filter);
        }
    }

    [TestMethod]
    [GoldenCases("ranks", "ranks.safetensors")]
    public void Metrics_equal_PyKEENs(string folder)
    {
        using var scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "ranks.safetensors"));
        Triple[] test = Test(file);
        int compared = 0;
        foreach (string filter in Filters(folder))
        {
            EntityRank[] heads = Recorded(file, filter, "head"), tails = Recorded(file, filter, "tail");
            JsonElement expected = Metrics(folder).RootElement.GetProperty("metrics").GetProperty(filter);
            TripleRanks[] ranks = [.. test.Select((triple, i) => new TripleRanks(triple, heads[i], tails[i]))];
            foreach (LinkPredictionMetrics metrics in new[] { EntityRanking.Metrics(ranks), OfDataView(ranks) })
            {
                foreach (string side in Sides)
                {
                    SideMetrics figures = side switch { "head" => metrics.Head, "tail" => metrics.Tail, _ => metrics.Both };
                    foreach (RankType type in Enum.GetValues<RankType>())
                    {
                        string prefix = $"{side}.{type.ToString().ToLowerInvariant()}";
                        compared += Compare(expected, prefix, figures.Of(type), $"{filter} {prefix}");
                    }
                }

                Assert.AreEqual(test.Select(triple => triple.Relation).Distinct().Count(), metrics.ByRelation.Count);
                Assert.AreEqual(2 * test.Length, metrics.ByRelation.Values.Sum(relation => relation.Both.Realistic.Count));
            }
        }

        Assert.AreEqual(2 * 225 * Filters(folder).Count(), compared, "25 figures of three sides and three types of rank, by two ways");
    }

    /// <summary>By the way of ML.NET: from a data view of ranks.</summary>
    private static LinkPredictionMetrics OfDataView(TripleRanks[] ranks)
    {
        int names = ranks.Max(rank => Math.Max(rank.Triple.Relation, Math.Max(rank.Triple.Head, rank.Triple.Tail))) + 1;
        string[] ids = [.. Enumerable.Range(0, names).Select(id => $"{id}")];
        KnowledgeGraph graph = new KnowledgeGraphBuilder(ids, ids).Build();
        var ml = new MLContext();
        return ml.Ranking.EvaluateLinkPrediction(ml.Data.LoadFromEnumerable(RankedTriples.Rows(graph, ranks)));
    }

    /// <summary>Every figure that PyKEEN recorded; what it calls <c>…hits_at_k</c> is that of its last k, 10.</summary>
    private static int Compare(JsonElement expected, string prefix, RankingMetrics figures, string what)
    {
        IReadOnlyDictionary<string, double> own = figures.ToDictionary();
        JsonProperty[] ofPrefix =
            [.. expected.EnumerateObject().Where(figure => figure.Name.StartsWith($"{prefix}.", StringComparison.Ordinal))];
        foreach (JsonProperty recorded in ofPrefix)
        {
            string name = recorded.Name[(prefix.Length + 1)..];
            double value = recorded.Value.GetDouble();
            double tolerance = (Tolerance * Math.Max(1, Math.Abs(value))) + RoundingOfMean(expected, prefix, name);
            Assert.AreEqual(value, own[name.Replace("hits_at_k", "hits_at_10", StringComparison.Ordinal)], tolerance, $"{what} {name}");
        }

        return ofPrefix.Length;
    }

    /// <summary>
    /// PyKEEN keeps realistic ranks, and takes their means, in fp32. A figure adjusted for chance is a·mean + b, so it has a times the
    /// mean's rounding; a is the slope between PyKEEN's figures for the other two types of rank, which are exact.
    /// </summary>
    private static double RoundingOfMean(JsonElement expected, string prefix, string name)
    {
        string mean = name.Replace("z_", "", StringComparison.Ordinal).Replace("adjusted_", "", StringComparison.Ordinal)
            .Replace("_index", "", StringComparison.Ordinal);
        if (mean == name || name.Contains("hits", StringComparison.Ordinal) || !prefix.EndsWith("realistic", StringComparison.Ordinal))
        {
            return 0;
        }

        double Of(string figure, string type) =>
            expected.GetProperty($"{prefix.Replace("realistic", type, StringComparison.Ordinal)}.{figure}").GetDouble();
        double slope = (Of(name, "pessimistic") - Of(name, "optimistic")) / (Of(mean, "pessimistic") - Of(mean, "optimistic"));
        return Math.Abs(slope) * Tolerance * Of(mean, "realistic");
    }

    /// <summary>
    /// The same training and validation triples; PyKEEN filtered by the test triples that it ranked, which may be fewer than the data
    /// set's.
    /// </summary>
    private static KnowledgeGraph WithTest(KnowledgeGraph graph, Triple[] test)
    {
        var builder = new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names);
        builder.AddRange(graph.Triples(GraphSplit.Train));
        builder.AddRange(graph.Triples(GraphSplit.Validation), GraphSplit.Validation);
        builder.AddRange(test, GraphSplit.Test);
        return builder.Build();
    }

    private static JsonDocument Metrics(string folder) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "metrics.json")));

    private static IEnumerable<string> Filters(string folder) =>
        Metrics(folder).RootElement.GetProperty("metrics").EnumerateObject().Select(property => property.Name);

    private static GraphSplit Split(string name) => name switch
    {
        "train" => GraphSplit.Train,
        "valid" => GraphSplit.Validation,
        "test" => GraphSplit.Test,
        _ => throw new InvalidDataException($"Unknown split '{name}'."),
    };

    private static Triple[] Test(SafetensorsFile file)
    {
        long[] ids = file.Get("test").to(ScalarType.Int64).data<long>().ToArray();
        return [.. ids.Chunk(3).Select(row => new Triple((int)row[0], (int)row[1], (int)row[2]))];
    }

    private static EntityRank[] Recorded(SafetensorsFile file, string filter, string side)
    {
        long[] Column(string name) => [.. file.Get($"{filter}.{side}.{name}").to(ScalarType.Int64).data<long>()];
        double[] realistic = [.. file.Get($"{filter}.{side}.realistic").to(ScalarType.Float64).data<double>()];
        long[] optimistic = Column("optimistic"), pessimistic = Column("pessimistic"), candidates = Column("candidates");
        EntityRank[] ranks = [.. optimistic.Select((rank, i) => EntityRank.FromRanks((int)rank, (int)pessimistic[i], (int)candidates[i]))];
        CollectionAssert.AreEqual(realistic, ranks.Select(rank => rank.Realistic).ToArray());
        return ranks;
    }

    private static void AssertEqual(EntityRank[] expected, EntityRank[] actual, string what)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], actual[i], $"{what}, row {i}");
        }
    }
}
