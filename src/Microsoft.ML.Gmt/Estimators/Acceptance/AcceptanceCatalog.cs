using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML;

/// <summary>
/// Extends ML.NET's catalogs by verdicts that are accepted with a guarantee on their errors, and by how far probabilities can be believed.
/// </summary>
public static class AcceptanceCatalog
{
    /// <summary>
    /// Chooses from labeled rows which verdicts may be accepted, so that with the given confidence no more than the given share of the
    /// accepted ones is wrong (Learn-then-Test with fixed-sequence testing, Angelopoulos et al., arXiv 2110.01052).
    /// </summary>
    /// <remarks>
    /// From the strictest threshold of certainty to the loosest, the one-sided exact binomial test asks whether more than that share of
    /// what is accepted may be wrong; the last threshold before the first that fails is kept. With too few rows nothing is accepted, and
    /// the selection says how many are needed. What it holds for, and what not: docs/acceptance.md.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="rows">
    /// Rows that a model has judged, with labels; drawn as those to be judged later, and used for nothing else: not to fit, to choose an
    /// epoch or a threshold, to make features, or to calibrate.
    /// </param>
    /// <param name="maximumErrorRate">The largest share of errors among accepted verdicts, at least 1e-6 and below 1.</param>
    /// <param name="confidence">The probability with which it is kept to, over the drawing of the rows; from 0.5 to 0.999999.</param>
    /// <param name="labelColumnName">What is right, Boolean.</param>
    /// <param name="predictedLabelColumnName">What the model says, Boolean.</param>
    /// <param name="probabilityColumnName">The probability of being true, Single; NaN for no verdict, which is never accepted.</param>
    /// <param name="thresholds">
    /// The certainties to try, from 0 to 1, chosen without these rows; null for 201 of them, from 0.99995 to 0.5. A certainty is the
    /// probability of what the model says.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A rate, a probability or a threshold is out of its range; a column is missing or has another type.
    /// </exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// ITransformer model = ml.Transforms.SgmPretrain(graph).Append(ml.Transforms.GmtFinetune("models/tiny-llama"))
    ///     .Fit(graph.ToLabeledDataView(GraphSplit.Validation));
    /// IDataView judged = model.Transform(graph.ToLabeledDataView(GraphSplit.Test));   // labels that nothing above has seen
    /// AcceptanceSelection selection = ml.BinaryClassification.SelectAcceptance(judged, maximumErrorRate: 0.05);
    /// Console.WriteLine(selection);
    /// ITransformer careful = model.Append(ml.Transforms.AcceptVerdicts(selection).Fit(judged));   // adds the column Accepted
    /// </code>
    /// </example>
    public static AcceptanceSelection SelectAcceptance(
        this BinaryClassificationCatalog catalog,
        IDataView rows,
        double maximumErrorRate = 0.05,
        double confidence = 0.95,
        string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel",
        string probabilityColumnName = "Probability",
        IReadOnlyList<double>? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(rows);
        AcceptanceSelection.Check(maximumErrorRate, confidence);
        return AcceptanceSelection.Select(
            VerdictRows.Read(rows, labelColumnName, predictedLabelColumnName, probabilityColumnName), maximumErrorRate, confidence,
            thresholds);
    }

    /// <summary>Create <see cref="AcceptanceEstimator"/>, which adds a column that says which verdicts are accepted.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="selection">What <see cref="SelectAcceptance"/> found.</param>
    /// <param name="outputColumnName">The column that is added, Boolean.</param>
    /// <param name="predictedLabelColumnName">What the model says, Boolean.</param>
    /// <param name="probabilityColumnName">The probability of being true, Single.</param>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// ITransformer model = ml.Model.Load("facts.zip", out DataViewSchema schema);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// IDataView judged = model.Transform(graph.ToLabeledDataView(GraphSplit.Test));
    /// AcceptanceSelection selection = ml.BinaryClassification.SelectAcceptance(judged);
    /// ITransformer careful = model.Append(ml.Transforms.AcceptVerdicts(selection).Fit(judged));
    /// ml.Model.SaveAtomically(careful, schema, "careful-facts.zip");
    /// </code>
    /// </example>
    public static AcceptanceEstimator AcceptVerdicts(
        this TransformsCatalog catalog,
        AcceptanceSelection selection,
        string outputColumnName = "Accepted",
        string predictedLabelColumnName = "PredictedLabel",
        string probabilityColumnName = "Probability")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(selection);
        return new AcceptanceEstimator(MlNetInternals.Environment(catalog), new AcceptanceSettings
        {
            Threshold = selection.Threshold,
            MaximumErrorRate = selection.MaximumErrorRate,
            Confidence = selection.Confidence,
            Rows = selection.Rows,
            Accepted = selection.Accepted,
            Errors = selection.Errors,
            OutputColumnName = outputColumnName,
            PredictedLabelColumnName = predictedLabelColumnName,
            ProbabilityColumnName = probabilityColumnName,
        });
    }

    /// <summary>
    /// Computes the expected calibration error of probabilities, and the bins of a reliability diagram. Rows without a verdict (NaN) are
    /// left out and counted.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="rows">Rows that a model has judged, with labels.</param>
    /// <param name="labelColumnName">What is right, Boolean.</param>
    /// <param name="probabilityColumnName">The probability of being true, Single.</param>
    /// <param name="numberOfBins">Bins of equal width; 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A probability is outside [0, 1], there is no bin, or a column is missing or has another type.
    /// </exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// ITransformer model = ml.Model.Load("facts.zip", out _);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// CalibrationMetrics metrics = ml.BinaryClassification.EvaluateCalibration(model.Transform(graph.ToLabeledDataView(GraphSplit.Test)));
    /// Console.WriteLine($"expected calibration error {metrics.ExpectedError:p1}");
    /// foreach (CalibrationBin bin in metrics.Bins.Where(bin => bin.Count > 0))
    /// {
    ///     Console.WriteLine($"said {bin.MeanProbability:p0}, true {bin.TrueShare:p0} ({bin.Count} rows)");
    /// }
    /// </code>
    /// </example>
    public static CalibrationMetrics EvaluateCalibration(
        this BinaryClassificationCatalog catalog,
        IDataView rows,
        string labelColumnName = "Label",
        string probabilityColumnName = "Probability",
        int numberOfBins = Calibration.DefaultBins)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numberOfBins);
        return Calibration.Of(VerdictRows.Probabilities(rows, labelColumnName, probabilityColumnName), numberOfBins);
    }

    /// <summary>
    /// Computes the ROC curve and the precision–recall curve of scores, with the areas below them. Rows without a score (NaN), as those
    /// with unknown names, are left out and counted.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="rows">Rows that a model has judged, with labels.</param>
    /// <param name="labelColumnName">What is right, Boolean.</param>
    /// <param name="scoreColumnName">The score, or the probability, higher for what is likelier true: Single.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has another type.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// ITransformer model = ml.Model.Load("facts.zip", out _);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// ScoreCurves curves = ml.BinaryClassification.EvaluateCurves(model.Transform(graph.ToLabeledDataView(GraphSplit.Test)));
    /// Console.WriteLine($"AUC {curves.AreaUnderRocCurve:f3}, average precision {curves.AveragePrecision:f3}");
    /// </code>
    /// </example>
    public static ScoreCurves EvaluateCurves(
        this BinaryClassificationCatalog catalog,
        IDataView rows,
        string labelColumnName = "Label",
        string scoreColumnName = "Score")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(rows);
        return ScoreCurves.Of(VerdictRows.Scores(rows, labelColumnName, scoreColumnName));
    }
}
