using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// A dropout mask that is computed wherever it is wanted, forward and backward, and stored nowhere. An element's weight depends on the
/// seed, on its row's key and on its column, on nothing else: not on the place of the row, nor on the number of threads.
/// </summary>
/// <param name="Seed">Decides the mask.</param>
/// <param name="Threshold">The probability times 2³²; 0 drops nothing.</param>
/// <param name="Scale">What is kept is multiplied by it.</param>
/// <param name="RowKeys">A key for each row; rows with equal keys have equal masks. Empty where nothing is dropped.</param>
internal sealed record DropoutDraw(ulong Seed, uint Threshold, float Scale, ulong[] RowKeys)
{
    /// <summary>Drops nothing.</summary>
    public static DropoutDraw None { get; } = new(0, 0, 1, []);

    /// <summary>A mask of a probability.</summary>
    /// <param name="probability">Above 0 and below 1; exact to 2⁻³².</param>
    /// <param name="seed">Decides the mask.</param>
    /// <param name="rowKeys">A key for each row.</param>
    public static DropoutDraw Of(double probability, ulong seed, ulong[] rowKeys) => new(
        seed, (uint)Math.Min(Math.Round(probability * (1UL << 32)), uint.MaxValue), (float)(1 / (1 - probability)), rowKeys);

    /// <summary>Whether anything is dropped.</summary>
    public bool Drops => Threshold != 0;

    /// <summary>The mask of rows from one on, for kernels.</summary>
    /// <param name="keys">The pinned keys of all rows.</param>
    /// <param name="first">The first row.</param>
    public unsafe RowDropout From(ulong* keys, int first) =>
        new() { RowKeys = Drops ? keys + first : null, Seed = Seed, Threshold = Threshold, Scale = Scale };
}
