using System.Globalization;
using Microsoft.ML.Gmt.Evaluation;

namespace Examples.Demo;

/// <summary>Filtered link prediction of stage 1: all entities ranked as head and as tail.</summary>
internal static class Links
{
    public static void Print(LinkPredictionMetrics metrics)
    {
        var table = new ConsoleTable("links by", "labels used", "MRR", "Hits@1", "Hits@3", "Hits@10", "AMRI");
        RankingMetrics both = metrics.Both.Realistic;
        table.Add(
            "stage 1's score", "none", Figure(both.MeanReciprocalRank), Figure(both.HitsAt[1]), Figure(both.HitsAt[3]),
            Figure(both.HitsAt[10]), Figure(both.AdjustedMeanRankIndex));
        table.Add("published: ComplEx (CoDEx, EMNLP 2020)", "none", "0.465", "0.372", "0.504", "0.646", "");
        table.Write("CoDEx-S, test triples, heads and tails ranked among all entities, filtered", leftColumns: 2);
        Console.WriteLine(
            "\n  Stage 1 as published knows entities by the relations around them only: it tells kinds of entities apart, not entities.");
    }

    private static string Figure(double value) => value.ToString("f3", CultureInfo.InvariantCulture);
}
