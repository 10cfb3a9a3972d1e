namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>A verdict, and what is right.</summary>
/// <param name="Probability">That the statement is true, in [0, 1]; NaN where there is no verdict.</param>
/// <param name="PredictedLabel">Whether it was held true.</param>
/// <param name="Label">Whether it is true.</param>
internal readonly record struct CheckedVerdict(double Probability, bool PredictedLabel, bool Label)
{
    /// <summary>The probability that was given to what was said; NaN where there is no verdict.</summary>
    public double Certainty => CertaintyOf(Probability, PredictedLabel);

    /// <summary>Whether the verdict is wrong.</summary>
    public bool IsError => PredictedLabel != Label;

    /// <summary>The probability that was given to what was said.</summary>
    public static double CertaintyOf(double probability, bool predictedLabel) => predictedLabel ? probability : 1 - probability;
}
