namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>One threshold that was tested.</summary>
/// <param name="Threshold">The least certainty that is accepted.</param>
/// <param name="Accepted">How many of the labeled rows it accepts.</param>
/// <param name="Errors">How many of those are wrong.</param>
/// <param name="PValue">
/// The probability of at most so many errors if the share of errors were the largest that is allowed: P(X ≤ errors) for X ~
/// Binomial(accepted, maximum error rate).
/// </param>
/// <param name="Passed">Whether that is at most 1 − confidence.</param>
public sealed record AcceptanceStep(double Threshold, int Accepted, int Errors, double PValue, bool Passed);
