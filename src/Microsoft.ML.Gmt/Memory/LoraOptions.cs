namespace Microsoft.ML.Gmt.Memory;

/// <summary>Low-rank adaptation of a frozen weight (LoRA, arXiv 2106.09685): W + alpha / rank · B A. The defaults are the reference's.</summary>
public sealed record LoraOptions
{
    /// <summary>Rank of the update; 64. Zero: no update, and no such keys in checkpoints.</summary>
    public int Rank { get; init; } = 64;

    /// <summary>The update is scaled by this over <see cref="Rank"/>; 128.</summary>
    public double Alpha { get; init; } = 128;

    /// <summary>Dropout probability of the update's input in training; 0.01.</summary>
    public double Dropout { get; init; } = 0.01;

    internal double Scale => Rank == 0 ? 0 : Alpha / Rank;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Rank);
        if (!double.IsFinite(Alpha))
        {
            throw new ArgumentOutOfRangeException(nameof(Alpha), Alpha, "LoRA's alpha must be a finite number.");
        }

        if (!(Dropout is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(Dropout), Dropout, "A dropout probability must be at least 0 and below 1.");
        }
    }
}
