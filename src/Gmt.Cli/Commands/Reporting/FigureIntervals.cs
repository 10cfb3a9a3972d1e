using System.Globalization;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Intervals of figures, in words: Wilson's of shares of rows, and of others by the bootstrap.</summary>
/// <param name="random">Draws rows.</param>
internal sealed class FigureIntervals(CounterRandom random)
{
    /// <summary>Those of verdicts, by the names that the figures have in their report.</summary>
    /// <param name="rows">The verdicts.</param>
    /// <param name="hasVerdicts">Whether they say true or false, with a probability.</param>
    public Dictionary<string, string> OfVerdicts(JudgedStatement[] rows, bool hasVerdicts)
    {
        if (!hasVerdicts)
        {
            return [];
        }

        int hits = rows.Count(row => row.PredictedLabel && row.Label);
        int said = rows.Count(row => row.PredictedLabel), isTrue = rows.Count(row => row.Label);
        var area = new ResampledArea([.. rows.Select(row => ((double)row.Score, row.Label))]);
        return new Dictionary<string, string>
        {
            ["accuracy"] = Wilson(rows.Count(row => row.PredictedLabel == row.Label), rows.Length),
            ["precision"] = Wilson(hits, said),
            ["recall"] = Wilson(hits, isTrue),
            ["f1"] = Bootstrap(rows.Length, drawn =>
                2.0 * drawn.Count(row => rows[row].PredictedLabel && rows[row].Label)
                / (drawn.Count(row => rows[row].PredictedLabel) + drawn.Count(row => rows[row].Label))),
            ["area under the roc curve"] = Bootstrap(rows.Length, area.Of),
            ["calibration error"] = Bootstrap(
                rows.Length,
                drawn => Calibration.ExpectedError(drawn.Select(row => ((double)rows[row].Probability, rows[row].Label)))),
        };
    }

    /// <summary>The mean over both questions of each triple, whose ranks belong together: triples are drawn, not questions.</summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="figure">The figure of one question.</param>
    public string OfMean(IReadOnlyList<TripleRanks> ranks, Func<EntityRank, double> figure)
    {
        double[] means = [.. ranks.Select(rank => (figure(rank.Head) + figure(rank.Tail)) / 2)];
        return Bootstrap(means.Length, drawn => drawn.Average(row => means[row]));
    }

    private static string Wilson(int hits, int rows) => Text(WilsonInterval.Of(hits, rows), "Wilson");

    private string Bootstrap(int rows, Func<int[], double> figure)
    {
        // All figures of as many rows are of the same draws.
        CounterRandom own = random;
        return Text(BootstrapInterval.Of(rows, figure, below => own.Next(below)), "bootstrap");
    }

    private static string Text(ConfidenceInterval? interval, string by) => interval is not { } known ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{known.Low:0.####} to {known.High:0.####} ({by})");

    /// <summary>The area under the ROC curve of drawn rows, in the time of one pass: the rows are sorted once.</summary>
    private sealed class ResampledArea
    {
        private readonly (double Score, bool Label)[] _rows;
        private readonly int[] _order;

        public ResampledArea((double Score, bool Label)[] rows)
        {
            _rows = rows;
            _order = [.. Enumerable.Range(0, rows.Length).OrderBy(row => rows[row].Score)];
        }

        /// <summary>As <see cref="AreaUnderCurve.Of"/> has it.</summary>
        public double Of(int[] drawn)
        {
            int[] counts = new int[_rows.Length];
            Array.ForEach(drawn, row => counts[row]++);
            long trueBelow = 0, falseBelow = 0;
            double pairs = 0;
            for (int first = 0, end; first < _order.Length; first = end)
            {
                long isTrue = 0, isFalse = 0;
                double score = _rows[_order[first]].Score;
                for (end = first; end < _order.Length && _rows[_order[end]].Score.Equals(score); end++)
                {
                    int count = counts[_order[end]];
                    (isTrue, isFalse) = _rows[_order[end]].Label ? (isTrue + count, isFalse) : (isTrue, isFalse + count);
                }

                pairs += isTrue * (falseBelow + (isFalse / 2.0));
                (trueBelow, falseBelow) = (trueBelow + isTrue, falseBelow + isFalse);
            }

            return pairs / ((double)trueBelow * falseBelow);
        }
    }
}
