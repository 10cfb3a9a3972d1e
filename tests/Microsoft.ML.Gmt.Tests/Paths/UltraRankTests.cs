using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>
/// Recorded ranks of test triples; as many of each graph and checkpoint as <c>GMT_RANKS</c> says, with all of them also the metrics.
/// </summary>
[TestClass]
public sealed class UltraRankTests
{
    private static readonly int Count =
        int.Parse(Environment.GetEnvironmentVariable("GMT_RANKS") ?? "24", CultureInfo.InvariantCulture);

    [TestMethod]
    [DataRow("umls", "3g")]
    [DataRow("umls", "4g")]
    [DataRow("umls", "50g")]
    [DataRow("codex-s", "3g")]
    [DataRow("codex-s", "4g")]
    [DataRow("codex-s", "50g")]
    public void Ranks_of_test_triples_are_the_recorded_ones(string name, string checkpoint)
    {
        using UltraGolden golden = UltraGolden.Open(name);
        using var scorer = new PathScorer(UltraGolden.Model(checkpoint), golden.Graph);
        float[] recorded = golden.Numbers($"{checkpoint}/test_ranks");   // [T, 2]: tail, head
        Triple[] test = golden.Graph.Triples(GraphSplit.Test).ToArray();
        Assert.AreEqual(recorded.Length, 2 * test.Length);
        int step = Math.Max(test.Length / Count, 1);
        int[] chosen = [.. Enumerable.Range(0, test.Length).Where(row => row % step == 0)];
        IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(
            scorer, [.. chosen.Select(row => test[row])], new KnownTriples(golden.Graph), QueryMask.None);
        int different = 0;
        for (int i = 0; i < chosen.Length; i++)
        {
            different += Compare(recorded[2 * chosen[i]], ranks[i].Tail) + Compare(recorded[(2 * chosen[i]) + 1], ranks[i].Head);
        }

        // A rival may be closer than the noise of another order of summation: half a percent of the recorded ranks, by a place.
        Assert.IsLessThanOrEqualTo(Math.Max(chosen.Length / 100, 1), different, $"of {2 * chosen.Length} ranks differ");
        if (chosen.Length == test.Length)
        {
            CompareMetrics(name, checkpoint, ranks);
        }
    }

    private static int Compare(float recorded, EntityRank rank)
    {
        Assert.IsLessThanOrEqualTo(1, Math.Abs(recorded - rank.Realistic), $"rank {rank.Realistic} where {recorded} is recorded");
        return recorded == rank.Realistic ? 0 : 1;
    }

    private static void CompareMetrics(string name, string checkpoint, IReadOnlyList<TripleRanks> ranks)
    {
        using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(Goldens.Root("ultra/settings.json")));
        JsonElement recorded = settings.RootElement.GetProperty(name).GetProperty(checkpoint).GetProperty("realistic");
        LinkPredictionMetrics metrics = EntityRanking.Metrics(ranks);
        Assert.AreEqual(recorded.GetProperty("mrr").GetDouble(), metrics.MeanReciprocalRank, 3e-4);
        foreach (int k in (int[])[1, 3, 10])
        {
            Assert.AreEqual(recorded.GetProperty($"hits@{k}").GetDouble(), metrics.HitsAt(k), 3e-4);
        }
    }
}
