using System.Globalization;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>What a relation's probabilities were fitted on.</summary>
/// <param name="Rows">How many rows: training triples of the graph, each hidden from its own score, and as many negatives.</param>
/// <param name="IsPooled">
/// Whether they are of all relations, since this one has fewer than <see cref="ScoreJudge.FewestRows"/> rows of its own.
/// </param>
/// <param name="Threshold">The score above which a triple is held true; infinite where the scores of the rows say nothing.</param>
public readonly record struct ScoreCalibration(int Rows, bool IsPooled, double Threshold)
{
    internal const string Kinds = "masked training triples and typed negatives";

    /// <summary>The same in words.</summary>
    /// <returns>
    /// Such as <c>not calibrated on labels: fitted on 200 rows of this relation, masked training triples and typed negatives</c>.
    /// </returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"not calibrated on labels: fitted on {Rows:N0} rows of {(IsPooled ? "all relations" : "this relation")}, {Kinds}");
}
