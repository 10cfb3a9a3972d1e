using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>How <see cref="GreedyDecoder"/> generates.</summary>
public sealed record GreedyOptions
{
    internal const int DefaultMaxNewTokens = 16;

    /// <summary>Most tokens to generate for a row; a row ends earlier at the model's last position. Default 16.</summary>
    [OptionRange(0, 1_000_000)]
    public int MaxNewTokens { get; init; } = DefaultMaxNewTokens;

    /// <summary>Whether a row ends with its first end-of-sequence token. Default true; false always generates
    /// <see cref="MaxNewTokens"/>, as GMT's Python reference does.</summary>
    public bool StopAtEndOfSequence { get; init; } = true;

    /// <summary>Tokens that end a row. Default (null): those of the model's configuration.</summary>
    [OptionRange(0, int.MaxValue)]
    public IReadOnlyCollection<int>? EndOfSequenceIds { get; init; }

    /// <summary>
    /// Whether a row ends at the last position that the model was made for. False goes on, as GMT's Python reference does.
    /// </summary>
    internal bool StopAtLastPosition { get; init; } = true;
}
