using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>The last line of <c>inference_gmt.py</c>: figures of what the responses say, by its rules.</summary>
internal static class CompatibleFigures
{
    /// <summary>The task that is meant; <c>auto</c> is decided by the first row.</summary>
    public static TextTask TaskOf(string name, IReadOnlyList<InstructionExample> rows) => name switch
    {
        "classification" => TextTask.Classification,
        "link_prediction" => TextTask.LinkPrediction,
        _ => rows.Count == 0 ? TextTask.Classification : InstructionRow.DetectTask(rows[0].Json!.Value),
    };

    /// <summary>The line, or null where no row counts.</summary>
    /// <param name="task">What was asked.</param>
    /// <param name="rows">Questions and responses.</param>
    /// <param name="hitsAt">The k of Hits@k, for link prediction.</param>
    public static string? Line(TextTask task, IReadOnlyList<AnsweredRow> rows, IReadOnlyList<int> hitsAt) =>
        task == TextTask.Classification ? OfVerdicts(rows) : OfRanks(rows, hitsAt);

    /// <summary>What a response ranks, and the row's true answers.</summary>
    public static TextRanking Ranking(InstructionExample question, string response)
    {
        IReadOnlyList<string> items = RankedText.MapToCandidates(
            RankedText.Split(response), InstructionRow.Candidates(question.Json!.Value));
        return new TextRanking(items, InstructionRow.Golds(question.Json!.Value));
    }

    private static string? OfVerdicts(IReadOnlyList<AnsweredRow> rows)
    {
        if (rows.Count == 0)
        {
            return null;
        }

        TextClassificationMetrics metrics = TextClassificationMetrics.Compute(
            [.. rows.Select(row => InstructionRow.SaysTrue(row.Question.Output))],
            [.. rows.Select(row => InstructionRow.SaysTrue(row.Response))]);
        return $"Accuracy: {Four(metrics.Accuracy)} Precision: {Four(metrics.Precision)} Recall: {Four(metrics.Recall)} F1: {Four(metrics.F1)}";
    }

    private static string? OfRanks(IReadOnlyList<AnsweredRow> rows, IReadOnlyList<int> hitsAt)
    {
        TextRankingMetrics? metrics = TextRankingMetrics.ComputeCompatible(rows.Select(row => Ranking(row.Question, row.Response)), hitsAt);
        return metrics is null
            ? null
            : $"{string.Join(' ', hitsAt.Select(k => $"Hits@{k}:{Four(metrics.Hits[k])}"))} MRR:{Four(metrics.MeanReciprocalRank)} (n={metrics.Rows})";
    }

    private static string Four(double value) => PythonNumber.Fixed(value, 4);
}
