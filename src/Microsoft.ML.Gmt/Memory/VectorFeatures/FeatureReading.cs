namespace Microsoft.ML.Gmt.Memory;

/// <summary>A feature that moved a verdict.</summary>
/// <param name="Name">The slot's name.</param>
/// <param name="Value">The row's value; NaN where it is missing.</param>
/// <param name="Effect">
/// By how much it moved the log-odds: those of the verdict minus those with the feature at its mean. Above 0 it spoke for the triple.
/// </param>
public readonly record struct FeatureReading(string Name, float Value, double Effect);
