namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>A bin of a reliability diagram.</summary>
/// <param name="Count">How many statements have a probability in it.</param>
/// <param name="MeanProbability">What was said of them on average; NaN without statements.</param>
/// <param name="TrueShare">The share of them that is true; NaN without statements.</param>
public sealed record CalibrationBin(int Count, double MeanProbability, double TrueShare);

/// <summary>How far probabilities are what they say.</summary>
/// <param name="ExpectedError">The expected calibration error; see <see cref="Calibration.ExpectedError"/>.</param>
/// <param name="Bins">The bins, of equal width, from 0 to 1.</param>
/// <param name="RowsWithoutVerdict">How many rows had no probability (NaN), as rows with unknown names; no figure counts them.</param>
public sealed record CalibrationMetrics(double ExpectedError, IReadOnlyList<CalibrationBin> Bins, int RowsWithoutVerdict)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Bins.Sum(bin => bin.Count)} verdicts: expected calibration error {ExpectedError:f4}; {RowsWithoutVerdict} without a verdict");
}
