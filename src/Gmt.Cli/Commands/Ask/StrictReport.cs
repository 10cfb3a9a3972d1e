using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Figures of our own judgement first, those that <c>inference_gmt.py</c> would print beside them.</summary>
internal static class StrictReport
{
    /// <summary>Verdicts by probability, and by the words of the responses.</summary>
    public static Report OfVerdicts(string title, IReadOnlyList<AnsweredRow> rows, IReadOnlyList<JudgedStatement> judged)
    {
        Report report = new Report(title).With("rows", rows.Count);
        if (rows.Count == 0)
        {
            return report;
        }

        report.With("labeled true", judged.Count(row => row.Label)).With("labeled false", judged.Count(row => !row.Label));

        TextClassificationMetrics metrics =
            TextClassificationMetrics.Compute([.. judged.Select(row => row.Label)], [.. judged.Select(row => row.PredictedLabel)]);
        report.With("accuracy", metrics.Accuracy).With("precision", metrics.Precision)
            .With("recall", metrics.Recall).With("f1", metrics.F1);
        if (judged.Any(row => row.Label) && !judged.All(row => row.Label))
        {
            report.With("area under the roc curve", AreaUnderCurve.Of(judged.Select(row => ((double)row.Score, row.Label))));
        }

        return report
            .With("calibration error", Calibration.ExpectedError(judged.Select(row => ((double)row.Probability, row.Label))))
            .With("as the script has it", AsScript(rows, judged))
            .With(new ReportTable(
                "answers", ["row", "verdict", "probability", "label", "in words"],
                [.. judged.Select((row, i) => new object?[] { i + 1, row.PredictedLabel, (double)row.Probability, row.Label, OneLine(rows[i].Answer) })]));
    }

    /// <summary>
    /// Ranks by likelihood, and by the words of the responses. A row that ranks nothing is a miss here; the script leaves it out.
    /// </summary>
    public static Report OfRanks(
        string title, IReadOnlyList<AnsweredRow> rows, IReadOnlyList<TextRanking> rankings, IReadOnlyList<int> hitsAt)
    {
        Report report = new Report(title).With("rows", rows.Count);
        void Add(string prefix, TextRankingMetrics? metrics)
        {
            report.With($"{prefix}mrr", metrics?.MeanReciprocalRank);
            foreach (int k in hitsAt.Distinct())
            {
                report.With($"{prefix}hits@{k}", metrics?.Hits[k] / hitsAt.Count(other => other == k));
            }
        }

        Add("", TextRankingMetrics.ComputeStrict(rankings, hitsAt));
        Add(
            "in words, ",
            TextRankingMetrics.ComputeStrict(rows.Select(row => CompatibleFigures.Ranking(row.Question, row.Answer)), hitsAt));
        return report
            .With("as the script has it", CompatibleFigures.Line(TextTask.LinkPrediction, rows, hitsAt))
            .With(new ReportTable(
                "answers", ["row", "rank of the answer", "likeliest", "in words"],
                [.. rankings.Select((ranking, i) => new object?[] { i + 1, ranking.FirstTrueRank(), First(ranking), OneLine(rows[i].Answer) })]));
    }

    /// <summary>The script takes every label without "true" in it for false: where that is not so, its figures mean nothing.</summary>
    private static string? AsScript(IReadOnlyList<AnsweredRow> rows, IReadOnlyList<JudgedStatement> judged) =>
        rows.Zip(judged).All(pair => InstructionRow.SaysTrue(pair.First.Question.Output) == pair.Second.Label)
            ? CompatibleFigures.Line(TextTask.Classification, rows, [])
            : null;

    private static string? First(TextRanking ranking) => ranking.Predictions is [var first, ..] ? first : null;

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
