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

        using var scope = NewDisposeScope();
        using (no_grad())
        {
            // Drawn on the CPU in fp32, whatever the device and dtype, so that a seed means the same mask everywhere.
            Tensor mask = empty(shape, ScalarType.Float32, CPU);
            Fill(mask, probability, NextSeed());
            return mask.to(like.dtype).to(like.device).MoveToOuterDisposeScope();
        }
    }

    /// <summary>The seed of the next mask, for those who compute it with <see cref="DropoutBlock"/> instead of storing it.</summary>
    public ulong NextSeed()
    {
        using var scope = NewDisposeScope();
        return (ulong)randint(long.MaxValue, [1], ScalarType.Int64, CPU, generator: generator).item<long>();
    }

    private static unsafe void Fill(Tensor mask, double probability, ulong seed)
    {
        fixed (byte* first = mask.bytes)
        {
            DropoutMask.Fill((float*)first, mask.numel(), probability, seed);
        }

        GC.KeepAlive(mask);
    }

    /// <summary>The generator's state [bytes], to be stored in a training checkpoint.</summary>
    public Tensor State() => generator.get_state();

    /// <summary>Continues from a stored state.</summary>
    public void Restore(Tensor state) => generator.set_state(state);

    /// <inheritdoc/>
    public void Dispose() => generator.Dispose();
}
