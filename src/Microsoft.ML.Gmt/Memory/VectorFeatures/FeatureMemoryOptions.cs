using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>How a column of numbers becomes memory, beside the evidence of the graph.</summary>
public sealed record FeatureMemoryOptions
{
    /// <summary>Memory tokens that the numbers become; 4. They stand beside those of <see cref="MemoryOptions.MemoryTokens"/>.</summary>
    [OptionRange(1, 65_536)]
    public int Tokens { get; init; } = 4;

    /// <summary>Width of the hidden layer between numbers and tokens; 64.</summary>
    [OptionRange(1, 65_536)]
    public int HiddenWidth { get; init; } = 64;

    /// <summary>Where a standardized number is cut off, in standard deviations to either side of the mean; 4.</summary>
    [OptionRange(0, 1_000_000, IsAboveLeast = true)]
    public double Limit { get; init; } = 4;

    /// <summary>How many features an explanation names at most; 3. 0 names none, and saves a forward pass for each feature.</summary>
    [OptionRange(0, 1_000_000)]
    public int ExplanationFeatures { get; init; } = 3;

    /// <summary>
    /// How many paths an explanation names at most for each path model among the features (<c>Scorers</c> of
    /// <see cref="FeaturizeTriplesEstimator.Options"/>); 2. 0 names none.
    /// </summary>
    [OptionRange(0, PathScoringTransformer.MostPaths)]
    public int ExplanationPaths { get; init; } = 2;

    internal void Check() => OptionRanges.Check(this);
}
