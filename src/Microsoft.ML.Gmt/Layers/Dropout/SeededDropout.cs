using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// Inverted dropout whose masks come from a generator of its own. (ATen's dropout takes no generator: it draws from the process-wide one,
/// which other code moves.)
/// </summary>
/// <param name="generator">The source of the masks; owned by this object from now on.</param>
/// <param name="batchRows">
/// What each row of the batch is, where only some of its rows are here: then a number's mask depends on its row and on how far it is from
/// the row's end, not on how many rows there are or how far they are padded on the left. Default (null): on its place.
/// </param>
internal sealed class SeededDropout(Generator generator, ulong[]? batchRows = null) : IDisposable
{
    /// <summary>
    /// Zeroes each element with probability <paramref name="probability"/> and scales the others by 1 / (1 − probability); returns the
    /// input itself where the probability is 0.
    /// </summary>
    /// <param name="input">Any shape, floating point.</param>
    /// <param name="probability">In [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside [0, 1).</exception>
    public Tensor Apply(Tensor input, double probability)
    {
        ArgumentNullException.ThrowIfNull(input);
        return probability == 0 ? input : input * Mask(input.shape, probability, input);
    }

    /// <summary>The same by a mask with a key for each row.</summary>
    /// <param name="input">[rows, width], floating point.</param>
    /// <param name="probability">In [0, 1).</param>
    /// <param name="rowKeys">What each row is: [rows].</param>
    public Tensor Apply(Tensor input, double probability, ulong[] rowKeys)
    {
        using var scope = NewDisposeScope();
        return probability == 0 ? input : (input * Mask(input.shape, Draw(probability, rowKeys), input)).MoveToOuterDisposeScope();
    }

    /// <summary>A mask of 0 and 1 / (1 − <paramref name="probability"/>) in the dtype and on the device of <paramref name="like"/>; not
    /// differentiable.</summary>
    /// <param name="shape">
    /// The mask's shape; it may broadcast (one draw per head, say). Where rows of a batch are told apart, they come first.
    /// </param>
    /// <param name="probability">In [0, 1).</param>
    /// <param name="like">Gives dtype and device.</param>
    public Tensor Mask(long[] shape, double probability, Tensor like)
    {
        ArgumentNullException.ThrowIfNull(like);
        if (!(probability is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(probability), probability, "A dropout probability must be at least 0 and below 1.");
        }

        return Mask(shape, Draw(probability, batchRows is null ? Places(shape) : Keys(shape, batchRows)), like);
    }

    /// <summary>The next mask, for those who compute it where they need it. Draws nothing where the probability is 0.</summary>
    /// <param name="probability">In [0, 1).</param>
    /// <param name="rowKeys">What each row of the masked tensor is: rows with equal keys have equal masks, wherever they stand.</param>
    public DropoutDraw Draw(double probability, ulong[] rowKeys) =>
        probability == 0 ? DropoutDraw.None : DropoutDraw.Of(probability, NextSeed(), rowKeys);

    private static ulong[] Places(long[] shape)
    {
        long width = shape.Length == 0 ? 1 : shape[^1];
        ulong[] places = new ulong[width == 0 ? 0 : shape.Aggregate(1L, (product, size) => product * size) / width];
        for (int place = 0; place < places.Length; place++)
        {
            places[place] = (ulong)place;
        }

        return places;
    }

    /// <summary>A key of each row, made of its row of the batch and of its distances from the ends of the dimensions between.</summary>
    private static ulong[] Keys(long[] shape, ulong[] batchRows)
    {
        if (shape[0] != batchRows.Length)
        {
            throw new ArgumentException($"A mask for {shape[0]} rows was asked for; {batchRows.Length} are known.", nameof(shape));
        }

        ulong[] keys = batchRows;
        foreach (long size in shape[1..^1])
        {
            keys = [.. keys.SelectMany(key => Enumerable.Range(0, (int)size).Select(i => CounterRandom.Combine(key, (ulong)(size - i))))];
        }

        return keys;
    }

    private static Tensor Mask(long[] shape, DropoutDraw draw, Tensor like)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();

        // Drawn on the CPU in fp32, whatever the device and dtype, so that a seed means the same mask everywhere.
        Tensor mask = empty(shape, ScalarType.Float32, CPU);
        long width = shape.Length == 0 ? 1 : shape[^1];
        RowPasses.FillMask(draw, mask.view(width == 0 ? 0 : mask.numel() / width, width));
        return mask.to(like.dtype).to(like.device).MoveToOuterDisposeScope();
    }

    private ulong NextSeed()
    {
        using var scope = NewDisposeScope();
        return (ulong)randint(long.MaxValue, [1], ScalarType.Int64, CPU, generator: generator).item<long>();
    }

    /// <summary>The generator's state [bytes], to be stored in a training checkpoint.</summary>
    public Tensor State() => generator.get_state();

    /// <summary>Continues from a stored state.</summary>
    public void Restore(Tensor state) => generator.set_state(state);

    /// <inheritdoc/>
    public void Dispose() => generator.Dispose();
}
