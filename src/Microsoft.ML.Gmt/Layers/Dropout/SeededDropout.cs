using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// Inverted dropout whose masks come from a generator of its own. (ATen's dropout takes no generator: it draws from the process-wide one,
/// which other code moves.)
/// </summary>
/// <param name="generator">The source of the masks; owned by this object from now on.</param>
internal sealed class SeededDropout(Generator generator) : IDisposable
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
    /// <param name="shape">The mask's shape; it may broadcast (one draw per head, say).</param>
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

        long width = shape.Length == 0 ? 1 : shape[^1];
        ulong[] rows = new ulong[width == 0 ? 0 : shape.Aggregate(1L, (product, size) => product * size) / width];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = (ulong)row;
        }

        return Mask(shape, Draw(probability, rows), like);
    }

    /// <summary>The next mask, for those who compute it where they need it. Draws nothing where the probability is 0.</summary>
    /// <param name="probability">In [0, 1).</param>
    /// <param name="rowKeys">What each row of the masked tensor is: rows with equal keys have equal masks, wherever they stand.</param>
    public DropoutDraw Draw(double probability, ulong[] rowKeys) =>
        probability == 0 ? DropoutDraw.None : DropoutDraw.Of(probability, NextSeed(), rowKeys);

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
