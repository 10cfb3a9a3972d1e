using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Plots;

namespace Microsoft.ML.Gmt.Notebooks.Html;

/// <summary>Link prediction: figures by side, and the ranks. Ties count half (realistic ranks).</summary>
internal static class LinkHtml
{
    public static string Of(LinkPredictionMetrics metrics)
    {
        RankingMetrics[] sides = [metrics.Both.Realistic, metrics.Head.Realistic, metrics.Tail.Realistic];
        string[] Row(string name, Func<RankingMetrics, string> figure) => [name, .. sides.Select(figure)];
        return Table.Of(
            "Missing links",
            ["", "Both sides", "Heads", "Tails"],
            [
                Row("Mean reciprocal rank", side => Table.Figure(side.MeanReciprocalRank)),
                .. metrics.Both.Realistic.HitsAt.Keys.Order().Select(k => Row($"Hits@{k}", side => Table.Figure(side.HitsAt[k]))),
                Row("Mean rank", side => Table.Figure(side.MeanRank, "0.0")),
                Row("Adjusted mean rank index", side => Table.Figure(side.AdjustedMeanRankIndex)),
                Row("Questions", side => Table.Count(side.Count)),
            ])
            + (metrics.Both.Realistic.Count > 0 ? Picture.Of(metrics.PlotRanks()) : "");
    }
}
