using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Evaluation;

[TestClass]
public sealed class AcceptanceSelectionTests
{
    private const int Draws = 2_000, Drawn = 500;

    [TestMethod]
    public void Without_an_error_59_rows_are_enough_and_58_are_too_few()
    {
        AcceptanceSelection few = AcceptanceSelection.Select(Right(58), 0.05, 0.95);
        Assert.IsNull(few.Threshold);
        Assert.AreEqual(59, few.RowsNeeded);
        Assert.IsEmpty(few.Steps);
        Assert.IsFalse(few.Accepts(1, predictedLabel: true));
        Assert.AreEqual(
            "Accepts nothing: 59 accepted rows without any error are needed for a share of 0.05 at confidence 0.95; there are 58 labeled "
            + "rows.",
            few.ToString());

        AcceptanceSelection enough = AcceptanceSelection.Select(Right(59), 0.05, 0.95);
        Assert.AreEqual((59, 59, 0), (enough.Rows, enough.Accepted, enough.Errors));
        Assert.AreEqual(0.5, enough.Threshold, "all thresholds pass");
        StringAssert.Contains(enough.ToString(), "59 of 59 labeled rows, 0 of them wrong");
        Assert.IsTrue(enough.Accepts(0.1, predictedLabel: false));
        Assert.IsFalse(enough.Accepts(double.NaN, predictedLabel: false));
    }

    [TestMethod]
    public void The_last_threshold_before_the_first_that_fails_is_kept()
    {
        // Certainty 0.9: 100 right; 0.8: 100 right and 4 wrong; 0.7: 20 wrong; 0.6: 1,000 right, which come too late.
        CheckedVerdict[] rows =
        [
            .. Rows(0.9, 100, 0), .. Rows(0.8, 100, 4), .. Rows(0.7, 0, 20), .. Rows(0.6, 1_000, 0), new(double.NaN, true, true),
        ];
        AcceptanceSelection selection = AcceptanceSelection.Select(rows, 0.05, 0.95, [0.6, 0.9, 0.7, 0.8]);
        Assert.AreEqual(0.8, selection.Threshold);
        Assert.AreEqual((204, 4, 1_224, 1), (selection.Accepted, selection.Errors, selection.Rows, selection.RowsWithoutVerdict));
        CollectionAssert.AreEqual(new[] { 0.9, 0.8, 0.7 }, selection.Steps.Select(step => step.Threshold).ToArray());
        CollectionAssert.AreEqual(new[] { true, true, false }, selection.Steps.Select(step => step.Passed).ToArray());
        Assert.AreEqual(BinomialTest.PValue(24, 224, 0.05), selection.Steps[2].PValue);
        Assert.IsTrue(selection.Accepts(0.2, predictedLabel: false), "false with certainty 0.8");
        Assert.IsFalse(selection.Accepts(0.2, predictedLabel: true));

        AcceptanceSelection nothing = AcceptanceSelection.Select(Rows(0.9, 300, 60), 0.05, 0.95);
        Assert.IsNull(nothing.Threshold);
        StringAssert.Contains(nothing.ToString(), "of the 360 most certain of 360 labeled rows 60 are wrong");
    }

    [TestMethod]
    public void What_is_passed_over_for_too_few_rows_hangs_on_no_label()
    {
        Gen<CheckedVerdict> verdict = Gen.Choose(500, 1_000).SelectMany(
            certainty => Gen.Choose(0, 30).Select(wrong => new CheckedVerdict(certainty / 1000.0, true, wrong > 0)));
        Prop.ForAll(Arb.From(verdict.ArrayOf(400)), rows =>
        {
            AcceptanceSelection selection = AcceptanceSelection.Select(rows, 0.05, 0.95);
            AcceptanceSelection other = AcceptanceSelection.Select(rows.Select(row => row with { Label = true }), 0.05, 0.95);
            return selection.Steps.Count > 0
                && (selection.Steps[0].Threshold, selection.Steps[0].Accepted) == (other.Steps[0].Threshold, other.Steps[0].Accepted)
                && selection.Steps.All(step => step.Accepted == rows.Count(row => row.Certainty >= step.Threshold)
                    && step.Errors == rows.Count(row => row.Certainty >= step.Threshold && row.IsError));
        }).QuickCheckThrowOnFailure();
    }

    [TestMethod]
    [DataRow(0.0, 0.95)]
    [DataRow(1.0, 0.95)]
    [DataRow(double.NaN, 0.95)]
    [DataRow(0.05, 0.0)]
    [DataRow(0.05, 1.0)]
    public void Rates_outside_their_range_are_refused(double maximumErrorRate, double confidence) =>
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => AcceptanceSelection.Select(Right(100), maximumErrorRate, confidence));

    [TestMethod]
    public void Numbers_that_are_no_probability_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => AcceptanceSelection.Select([new(1.5, true, true)], 0.05, 0.95));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => AcceptanceSelection.Select(Right(100), 0.05, 0.95, [2]));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => AcceptanceSelection.Select(Right(100), 0.05, 0.95, []));
    }

    /// <summary>
    /// Calibration sets of 500 are drawn with replacement from a labeled pool. In at most 6.5 % of 2,000 draws, 5 % and three standard
    /// errors, may more than a twentieth of what the chosen threshold accepts of the whole pool be wrong.
    /// </summary>
    [TestMethod]
    [DataRow(1, DisplayName = "the more certain the more often right")]
    [DataRow(2, DisplayName = "overconfident")]
    [DataRow(3, DisplayName = "the most certain are often wrong")]
    [DataRow(4, DisplayName = "errors near the limit everywhere")]
    public void The_share_of_errors_in_the_population_is_kept_to(int kind)
    {
        Population pool = new(kind);
        (int violations, int accepting, int naive) = (0, 0, 0);
        for (int draw = 0; draw < Draws; draw++)
        {
            CheckedVerdict[] sample = pool.Draw(draw, Drawn);
            if (AcceptanceSelection.Select(sample, 0.05, 0.95).Threshold is { } threshold)
            {
                accepting++;
                violations += pool.ErrorRate(threshold) > 0.05 ? 1 : 0;
            }

            naive += Population.Naive(sample) is { } loosest && pool.ErrorRate(loosest) > 0.05 ? 1 : 0;
        }

        Console.WriteLine(
            $"kind {kind}: {violations} violations, {accepting} of {Draws} accept something; without a test {naive} violations");
        Assert.IsLessThanOrEqualTo(0.065 * Draws, violations);
        Assert.IsGreaterThan(0.2 * Draws, naive, "the pool must be one where the share of errors of the sample deceives");
        if (kind <= 2)
        {
            Assert.IsGreaterThan(0.7 * Draws, accepting, "a guarantee that accepts nothing is of no use");
        }
    }

    private static CheckedVerdict[] Right(int count) => Rows(0.9, count, 0);

    private static CheckedVerdict[] Rows(double certainty, int right, int wrong) =>
    [
        .. Enumerable.Range(0, right + wrong).Select(i => i % 2 == 0
            ? new CheckedVerdict(certainty, true, i < right)
            : new CheckedVerdict(1 - certainty, false, i >= right)),
    ];

    /// <summary>Two thousand rows whose labels are drawn once.</summary>
    private sealed class Population
    {
        private const int Size = 2_000;
        private readonly CheckedVerdict[] _rows;

        public Population(int kind)
        {
            var random = new RandomStreams(kind).Stream("pool");
            _rows = new CheckedVerdict[Size];
            for (int i = 0; i < Size; i++)
            {
                double certainty = 0.5 + (0.5 * random.NextDouble());
                double wrong = kind switch
                {
                    1 => Math.Pow(2 * (1 - certainty), 2) / 3,
                    2 => certainty > 0.8 ? 0.006 : 0.006 + (2 * (0.8 - certainty)),
                    3 => certainty > 0.97 ? 0.06 : certainty > 0.9 ? 0.01 : 0.08,
                    _ => 0.056,
                };
                bool said = random.NextDouble() < 0.5, isError = random.NextDouble() < wrong;
                _rows[i] = new CheckedVerdict(said ? certainty : 1 - certainty, said, said != isError);
            }
        }

        public CheckedVerdict[] Draw(int seed, int count)
        {
            CounterRandom random = new RandomStreams(seed).Stream("draw");
            var drawn = new CheckedVerdict[count];
            for (int i = 0; i < count; i++)
            {
                drawn[i] = _rows[random.Next(Size)];
            }

            return drawn;
        }

        public double ErrorRate(double threshold) =>
            _rows.Where(row => row.Certainty >= threshold).Average(row => row.IsError ? 1.0 : 0.0);

        /// <summary>What is often done: the loosest threshold whose share of errors among the drawn rows is within the limit.</summary>
        public static double? Naive(CheckedVerdict[] sample)
        {
            double? loosest = null;
            int accepted = 0, wrong = 0;
            foreach (CheckedVerdict row in sample.OrderByDescending(row => row.Certainty))
            {
                (accepted, wrong) = (accepted + 1, wrong + (row.IsError ? 1 : 0));
                loosest = wrong <= 0.05 * accepted ? row.Certainty : loosest;
            }

            return loosest;
        }
    }
}
