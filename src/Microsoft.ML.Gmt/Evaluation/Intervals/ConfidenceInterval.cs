namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>An interval that a figure lies in with some confidence, as far as the rows are drawn like those to come.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
internal readonly record struct ConfidenceInterval(double Low, double High);
