using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class AcceptanceCatalogTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void Verdicts_of_any_classifier_are_accepted_and_the_threshold_is_saved_with_the_model()
    {
        IDataView train = Points(seed: 1, 2_000), calibration = Points(seed: 2, 2_000), later = Points(seed: 3, 4_000);
        var classifier = Ml.BinaryClassification.Trainers.LbfgsLogisticRegression().Fit(train);
        IDataView judged = classifier.Transform(calibration);
        AcceptanceSelection selection = Ml.BinaryClassification.SelectAcceptance(judged, maximumErrorRate: 0.05, confidence: 0.95);
        Assert.IsNotNull(selection.Threshold, $"{selection}");
        Assert.AreEqual(2_000, selection.Rows);

        var careful = classifier.Append(Ml.Transforms.AcceptVerdicts(selection).Fit(judged));
        using var folder = new TemporaryFolder();
        Ml.Model.SaveAtomically(careful, train.Schema, folder["careful.zip"]);
        ITransformer loaded = new MLContext().Model.Load(folder["careful.zip"], out _);
        Judged[] rows = [.. Ml.Data.CreateEnumerable<Judged>(loaded.Transform(later), reuseRowObject: false)];
        Judged[] accepted = [.. rows.Where(row => row.Accepted)];
        Assert.IsGreaterThan(rows.Length / 4, accepted.Length);
        Assert.IsLessThan(rows.Length, accepted.Length);
        foreach (Judged row in rows)
        {
            Assert.AreEqual(selection.Accepts(row.Probability, row.PredictedLabel), row.Accepted);
        }

        // The confidence is 95 %, and this one seed is among them.
        Assert.IsLessThanOrEqualTo(0.05, accepted.Average(row => row.PredictedLabel != row.Label ? 1.0 : 0.0));
        Assert.IsGreaterThan(0.05, rows.Average(row => row.PredictedLabel != row.Label ? 1.0 : 0.0), "else accepting all would do");
        var transformer = (AcceptanceTransformer)((IEnumerable<ITransformer>)loaded).Last();
        Assert.AreEqual(
            (selection.Threshold, 0.05, 0.95), (transformer.Threshold, transformer.MaximumErrorRate, transformer.Confidence));
        using PredictionEngine<Point, Judged> engine = Ml.Model.CreatePredictionEngine<Point, Judged>(loaded);
        Point first = Ml.Data.CreateEnumerable<Point>(later, reuseRowObject: false).First();
        Assert.AreEqual(rows[0].Accepted, engine.Predict(first).Accepted);
    }

    [TestMethod]
    public void A_selection_that_accepts_nothing_is_saved_as_well_and_rows_without_a_verdict_are_never_accepted()
    {
        IDataView few = Rows((0.9f, true, true), (float.NaN, false, true));
        AcceptanceSelection nothing = Ml.BinaryClassification.SelectAcceptance(few);
        Assert.IsNull(nothing.Threshold);
        Assert.AreEqual((1, 1), (nothing.Rows, nothing.RowsWithoutVerdict));
        CollectionAssert.AreEqual(new[] { false, false }, Accepted(nothing, few));

        AcceptanceSelection all = Ml.BinaryClassification.SelectAcceptance(Rows([.. Enumerable.Repeat((0.9f, true, true), 59)]));
        CollectionAssert.AreEqual(new[] { true, false }, Accepted(all, few));
    }

    [TestMethod]
    public void Columns_that_are_missing_or_of_another_type_are_refused()
    {
        IDataView rows = Rows((0.9f, true, true));
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                () => Ml.BinaryClassification.SelectAcceptance(rows, probabilityColumnName: "P")).Message,
            "Could not find probability column 'P'");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                () => Ml.BinaryClassification.SelectAcceptance(rows, predictedLabelColumnName: "Probability")).Message,
            "Schema mismatch for predicted label column 'Probability': expected Boolean, got Single");
        AcceptanceSelection selection = Ml.BinaryClassification.SelectAcceptance(rows);
        AcceptanceEstimator estimator = Ml.Transforms.AcceptVerdicts(selection, probabilityColumnName: "Label");
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(rows));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(MlNetInternals.Shape(rows.Schema)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.BinaryClassification.SelectAcceptance(rows, maximumErrorRate: 0));
        Assert.ThrowsExactly<ArgumentException>(() => Ml.Transforms.AcceptVerdicts(selection, outputColumnName: ""));
    }

    [TestMethod]
    public void An_estimator_knows_its_output_before_there_are_data()
    {
        IDataView rows = Rows((0.9f, true, true));
        AcceptanceEstimator estimator = Ml.Transforms.AcceptVerdicts(Ml.BinaryClassification.SelectAcceptance(rows));
        SchemaShape shape = estimator.GetOutputSchema(MlNetInternals.Shape(rows.Schema));
        Assert.AreEqual(BooleanDataViewType.Instance, shape.Single(column => column.Name == "Accepted").ItemType);
    }

    [TestMethod]
    public void Calibration_is_measured_over_bins_and_leaves_out_rows_without_a_verdict()
    {
        CalibrationMetrics metrics = Ml.BinaryClassification.EvaluateCalibration(
            Rows((0.7f, true, true), (0.8f, true, false), (0.1f, false, false), (float.NaN, false, true)), numberOfBins: 2);
        Assert.AreEqual(((2 * 0.25) + 0.1) / 3, metrics.ExpectedError, 1e-6);
        Assert.AreEqual((1, 2, 1), (metrics.Bins[0].Count, metrics.Bins[1].Count, metrics.RowsWithoutVerdict));
        Assert.AreEqual(0.75, metrics.Bins[1].MeanProbability, 1e-6);
        Assert.AreEqual(0.5, metrics.Bins[1].TrueShare);
        Assert.AreEqual("3 verdicts: expected calibration error 0.2000; 1 without a verdict", metrics.ToString());
        Assert.HasCount(10, Ml.BinaryClassification.EvaluateCalibration(Rows((0.9f, true, true))).Bins);
    }

    [TestMethod]
    public void Curves_are_those_of_the_scores_and_leave_out_rows_without_one()
    {
        IDataView rows = Rows((0.7f, true, true), (0.8f, true, false), (0.1f, false, false), (float.NaN, false, true));
        ScoreCurves curves = Ml.BinaryClassification.EvaluateCurves(rows, scoreColumnName: "Probability");
        Assert.AreEqual((1, 2, 1), (curves.Positives, curves.Negatives, curves.RowsWithoutScore));
        Assert.AreEqual(0.5, curves.AreaUnderRocCurve);
        Assert.AreEqual(0.5, curves.AveragePrecision);
        ArgumentOutOfRangeException missing =
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.BinaryClassification.EvaluateCurves(rows));
        StringAssert.Contains(missing.Message, "Could not find score column 'Score'");
        ArgumentOutOfRangeException mistaken = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.BinaryClassification.EvaluateCurves(rows, scoreColumnName: "Label"));
        StringAssert.Contains(mistaken.Message, "expected Single");
    }

    private static bool[] Accepted(AcceptanceSelection selection, IDataView rows) =>
        [.. Ml.Transforms.AcceptVerdicts(selection).Fit(rows).Transform(rows).GetColumn<bool>("Accepted")];

    private static IDataView Rows(params (float Probability, bool PredictedLabel, bool Label)[] rows) =>
        Ml.Data.LoadFromEnumerable(rows.Select(row => new Verdict
        {
            Probability = row.Probability,
            PredictedLabel = row.PredictedLabel,
            Label = row.Label,
        }));

    private static IDataView Points(int seed, int count)
    {
        var random = new Gmt.Runtime.CounterRandom((ulong)seed);
        return Ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            bool label = random.NextDouble() < 0.5;
            double noise = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
            return new Point { Label = label, Features = [(float)((label ? 0.5 : -0.5) + noise), 1] };
        }).ToArray());
    }

    private sealed class Point
    {
        public bool Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private class Verdict
    {
        public bool Label { get; set; }

        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }
    }

    private sealed class Judged : Verdict
    {
        public bool Accepted { get; set; }
    }
}
