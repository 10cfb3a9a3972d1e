using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// Low-rank adaptation of a frozen weight (LoRA, arXiv 2106.09685): W + alpha / rank · B A. The defaults are the reference's.
/// </summary>
public sealed record LoraOptions
{
    /// <summary>Rank of the update; 64. Zero: no update, and no such keys in checkpoints.</summary>
    [OptionRange(0, 65_536)]
    public int Rank { get; init; } = 64;

    /// <summary>The update is scaled by this over <see cref="Rank"/>; 128.</summary>
    [OptionRange(-1_000_000, 1_000_000)]
    public double Alpha { get; init; } = 128;

    /// <summary>Dropout probability of the update's input in training; 0.01.</summary>
    [OptionRange(0, 1, IsBelowMost = true)]
    public double Dropout { get; init; } = 0.01;

    internal double Scale => Rank == 0 ? 0 : Alpha / Rank;

    internal void Check() => OptionRanges.Check(this);
}
