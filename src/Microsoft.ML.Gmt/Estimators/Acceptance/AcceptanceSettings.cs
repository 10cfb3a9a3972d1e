using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt;

/// <summary>What an <see cref="AcceptanceTransformer"/> knows; the content of its <c>config.json</c>.</summary>
internal sealed record AcceptanceSettings
{
    /// <summary>The least certainty that is accepted; null for nothing.</summary>
    public required double? Threshold { get; init; }

    public required double MaximumErrorRate { get; init; }

    public required double Confidence { get; init; }

    /// <summary>How many labeled rows it was chosen by.</summary>
    public required int Rows { get; init; }

    /// <summary>How many of those it accepts.</summary>
    public required int Accepted { get; init; }

    /// <summary>How many of the accepted were wrong.</summary>
    public required int Errors { get; init; }

    public required string OutputColumnName { get; init; }

    public required string PredictedLabelColumnName { get; init; }

    public required string ProbabilityColumnName { get; init; }

    /// <summary>What an archive or a caller says, checked before anything is made of it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public AcceptanceSettings Checked()
    {
        AcceptanceSelection.Check(MaximumErrorRate, Confidence);
        if (Threshold is { } threshold && !(threshold is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Threshold), threshold, "It must be from 0 to 1.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(Errors);
        ArgumentOutOfRangeException.ThrowIfLessThan(Accepted, Errors);
        ArgumentOutOfRangeException.ThrowIfLessThan(Rows, Accepted);
        OutputNames.Check(OutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(PredictedLabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(ProbabilityColumnName);
        return this;
    }
}
