using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// drop(gelu(x)) in one pass that also leaves the derivative, so that the backward pass is one product. The mask is not stored.
/// </summary>
/// <remarks>
/// The error function is Abramowitz and Stegun's 7.1.26, off by at most 1.5e-7: as much as fp32 rounds where it is near 1. Without dropout
/// ATen's own GELU is used.
/// </remarks>
internal sealed unsafe class DroppedGelu : autograd.SingleTensorFunction<DroppedGelu>
{
    private delegate void BlockAction(long first, int count, DropoutBlock mask);

    /// <inheritdoc/>
    public override string Name => nameof(DroppedGelu);

    /// <summary>GELU followed by inverted dropout, in the shape of the input.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="dropout">The source of the mask.</param>
    /// <param name="probability">In (0, 1).</param>
    public static Tensor Apply(Tensor x, SeededDropout dropout, double probability) =>
        x.device_type == DeviceType.CPU && x.dtype == ScalarType.Float32
            ? apply(x, (probability, dropout.NextSeed()))
            : dropout.Apply(nn.functional.gelu(x), probability);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        Tensor input = ((Tensor)vars[0]).contiguous();
        Tensor output = empty_like(input), derivative = empty_like(input);
        float* x = First(input), y = First(output), d = First(derivative);
        ForBlocks(
            input.numel(), ((double, ulong))vars[1],
            (first, count, mask) => Evaluate(new(x + first, count), new(y + first, count), new(d + first, count), mask));
        ctx.save_for_backward([derivative.MoveToOuterDisposeScope()]); // stored only after this returns: it must outlive the scope
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [grad_output * ctx.get_saved_variables()[0], null!];

    private static void ForBlocks(long count, (double Probability, ulong Seed) mask, BlockAction action)
    {
        Parallel.For(0, (count + DropoutMask.BlockSize - 1) / DropoutMask.BlockSize, block =>
        {
            long first = block * DropoutMask.BlockSize;
            action(first, (int)Math.Min(DropoutMask.BlockSize, count - first), new DropoutBlock(mask.Probability, mask.Seed, block));
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Evaluate(ReadOnlySpan<float> x, Span<float> y, Span<float> derivative, DropoutBlock mask)
    {
        for (int i = 0; i < x.Length; i += Vector512<float>.Count)
        {
            Vector512<float> value = Load(x, i), weights = mask.Weights(i);
            (Vector512<float> distribution, Vector512<float> density) = Normal(value);
            Store(value * distribution * weights, y, i);
            Store(Fma(value, density, distribution) * weights, derivative, i);
        }
    }

    /// <summary>Φ(x) and φ(x) of the standard normal distribution, from one exponential.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> Distribution, Vector512<float> Density) Normal(Vector512<float> x)
    {
        Vector512<float> one = Vector512<float>.One;
        Vector512<float> exponential = ExpOfNegative(x * x * Vector512.Create(-0.5f));
        Vector512<float> t = one / Fma(Vector512.Abs(x), Vector512.Create(0.3275911f * 0.70710678f), one);
        Vector512<float> series = Fma(t, Vector512.Create(1.061405429f), Vector512.Create(-1.453152027f));
        series = Fma(series, t, Vector512.Create(1.421413741f));
        series = Fma(series, t, Vector512.Create(-0.284496736f));
        series = Fma(series, t, Vector512.Create(0.254829592f));
        Vector512<float> tail = series * t * exponential * Vector512.Create(0.5f);   // 1 − Φ(|x|)
        Vector512<float> distribution = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<float>.Zero), tail, one - tail);
        return (distribution, exponential * Vector512.Create(0.39894228f));
    }

    /// <summary>exp(x) for x ≤ 0: 2ⁿ eʳ with |r| ≤ ln 2 / 2 and the series of eʳ; below −87, where fp32 has no normal numbers left,
    /// exp(−87).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpOfNegative(Vector512<float> x)
    {
        x = Vector512.Max(x, Vector512.Create(-87f));
        Vector512<float> n = Vector512.Floor(Fma(x, Vector512.Create(1.44269504f), Vector512.Create(0.5f)));
        Vector512<float> r = Fma(n, Vector512.Create(-0.693359375f), x);   // ln 2 in two parts, the first exact
        r = Fma(n, Vector512.Create(2.12194440e-4f), r);
        Vector512<float> series = Fma(r, Vector512.Create(1f / 720), Vector512.Create(1f / 120));
        series = Fma(series, r, Vector512.Create(1f / 24));
        series = Fma(series, r, Vector512.Create(1f / 6));
        series = Fma(series, r, Vector512.Create(0.5f));
        series = Fma(series, r, Vector512<float>.One);
        series = Fma(series, r, Vector512<float>.One);
        Vector512<int> exponent = Vector512.ShiftLeft(Vector512.ConvertToInt32Native(n) + Vector512.Create(127), 23);
        return series * exponent.AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Fma(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ReadOnlySpan<float> from, int at)
    {
        if (at <= from.Length - Vector512<float>.Count)
        {
            return Vector512.LoadUnsafe(in from[at]);
        }

        Span<float> rest = stackalloc float[Vector512<float>.Count];
        from[at..].CopyTo(rest);
        return Vector512.Create<float>(rest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> values, Span<float> to, int at)
    {
        if (at <= to.Length - Vector512<float>.Count)
        {
            values.StoreUnsafe(ref to[at]);
            return;
        }

        Span<float> rest = stackalloc float[Vector512<float>.Count];
        values.CopyTo(rest);
        rest[..(to.Length - at)].CopyTo(to[at..]);
    }

    private static float* First(Tensor contiguous)
    {
        fixed (byte* first = contiguous.bytes)
        {
            return (float*)first;
        }
    }
}
