namespace Microsoft.ML.Gmt.Extensions;

/// <summary>A verdict, by whatever kind of model.</summary>
internal readonly record struct Judgment(bool IsTrue, double Probability, double LogOdds);
