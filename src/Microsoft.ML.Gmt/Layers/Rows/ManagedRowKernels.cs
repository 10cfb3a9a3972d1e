using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// The managed twin of the native kernels: the same steps over the same sixteen lanes. Masks have the same bits, all else is within 1e-6 of
/// a row's largest number.
/// </summary>
internal sealed unsafe class ManagedRowKernels : IRowKernels
{
    private const int Lanes = 16;

    /// <inheritdoc/>
    public void FillMask(RowDropout dropout, int rows, int width, float* mask)
    {
        for (int row = 0; row < rows; row++, mask += width)
        {
            var weights = new RowMask(dropout, row);
            for (int column = 0; column < width; column += Lanes)
            {
                Store(mask + column, weights.At(column), width - column);
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gelu(RowDropout dropout, int rows, int width, float* bias, float* values, float* activations)
    {
        for (int row = 0; row < rows; row++, values += width, activations += width)
        {
            var weights = new RowMask(dropout, row);
            for (int column = 0; column < width; column += Lanes)
            {
                int count = width - column;
                Vector512<float> x = Load(values + column, count) + Load(bias + column, count), weight = weights.At(column);
                (Vector512<float> distribution, Vector512<float> density) = Normal(x);
                Store(activations + column, x * distribution * weight, count);
                Store(values + column, Fma(x, density, distribution) * weight, count);
            }
        }
    }

    /// <inheritdoc/>
    public void GeluBack(int rows, int width, float* derivatives, float* gradients, float* columnSums)
    {
        new Span<float>(columnSums, width).Clear();
        for (int row = 0; row < rows; row++, derivatives += width, gradients += width)
        {
            for (int column = 0; column < width; column += Lanes)
            {
                int count = width - column;
                Vector512<float> product = Load(gradients + column, count) * Load(derivatives + column, count);
                Store(gradients + column, product, count);
                Store(columnSums + column, Load(columnSums + column, count) + product, count);
            }
        }
    }

    /// <inheritdoc/>
    public void AddNorm(
        RowDropout dropout, int rows, int width, float* x, float* y, float* yBias, float* weight, float* bias, float epsilon,
        float* normalized, float* inverse, float* output)
    {
        for (int row = 0; row < rows; row++, x += width, y += width, normalized += width, output += width)
        {
            var weights = new RowMask(dropout, row);
            Vector512<float> sum = default;
            for (int at = 0; at < width; at += Lanes)
            {
                int count = width - at;
                Vector512<float> value = Fma(Load(y + at, count) + Load(yBias + at, count), weights.At(at), Load(x + at, count));
                Store(normalized + at, value, count);
                sum += value;
            }

            Vector512<float> mean = Vector512.Create(Total(sum) / width);
            sum = default;
            for (int at = 0; at < width; at += Lanes)
            {
                Vector512<float> centered = FirstOf(Load(normalized + at, width - at) - mean, width - at);
                sum = Fma(centered, centered, sum);
            }

            inverse[row] = 1 / MathF.Sqrt((Total(sum) / width) + epsilon);
            Vector512<float> factor = Vector512.Create(inverse[row]);
            for (int at = 0; at < width; at += Lanes)
            {
                int count = width - at;
                Vector512<float> value = (Load(normalized + at, count) - mean) * factor;
                Store(normalized + at, value, count);
                Store(output + at, Fma(value, Load(weight + at, count), Load(bias + at, count)), count);
            }
        }
    }

    /// <inheritdoc/>
    public void AddNormBack(
        RowDropout dropout, int rows, int width, float* gradients, float* normalized, float* inverse, float* weight, float* xGradients,
        float* yGradients, float* yBiasSums, float* weightSums, float* biasSums)
    {
        new Span<float>(yBiasSums, width).Clear();
        new Span<float>(weightSums, width).Clear();
        new Span<float>(biasSums, width).Clear();
        for (int row = 0; row < rows; row++, gradients += width, normalized += width, xGradients += width)
        {
            Vector512<float> sum = default, product = default;
            for (int at = 0; at < width; at += Lanes)
            {
                int count = width - at;
                Vector512<float> g = Load(gradients + at, count), n = Load(normalized + at, count), scaled = g * Load(weight + at, count);
                sum += scaled;
                product = Fma(scaled, n, product);
                Store(weightSums + at, Fma(g, n, Load(weightSums + at, count)), count);
                Store(biasSums + at, g + Load(biasSums + at, count), count);
            }

            var weights = new RowMask(dropout, row);
            Vector512<float> mean = Vector512.Create(-Total(sum) / width), slope = Vector512.Create(-Total(product) / width);
            Vector512<float> factor = Vector512.Create(inverse[row]);
            for (int at = 0; at < width; at += Lanes)
            {
                int count = width - at;
                Vector512<float> scaled = Load(gradients + at, count) * Load(weight + at, count);
                Vector512<float> gradient = Fma(Load(normalized + at, count), slope, scaled + mean) * factor;
                Vector512<float> ofY = gradient * weights.At(at);
                Store(xGradients + at, gradient, count);
                Store(yBiasSums + at, ofY + Load(yBiasSums + at, count), count);
                if (yGradients is not null)
                {
                    Store(yGradients + at, ofY, count);
                }
            }

            yGradients = yGradients is null ? null : yGradients + width;
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

    private static float Total(Vector512<float> sum)
    {
        Vector256<float> eight = sum.GetLower() + sum.GetUpper();
        Vector128<float> four = eight.GetLower() + eight.GetUpper();
        return four[0] + four[2] + (four[1] + four[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(float* from, int count) => count >= Lanes ? Vector512.Load(from) : LoadSome(from, count);

    private static Vector512<float> LoadSome(float* from, int count)
    {
        float* some = stackalloc float[Lanes];
        new ReadOnlySpan<float>(from, count).CopyTo(new Span<float>(some, Lanes));
        return Vector512.Load(some);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector512<float> values, int count)
    {
        if (count >= Lanes)
        {
            values.Store(to);
        }
        else
        {
            StoreSome(to, values, count);
        }
    }

    private static void StoreSome(float* to, Vector512<float> values, int count)
    {
        float* some = stackalloc float[Lanes];
        values.Store(some);
        new ReadOnlySpan<float>(some, count).CopyTo(new Span<float>(to, count));
    }

    private static Vector512<float> FirstOf(Vector512<float> values, int count)
    {
        if (count >= Lanes)
        {
            return values;
        }

        float* some = stackalloc float[Lanes];
        values.Store(some);
        return LoadSome(some, count);
    }

    /// <summary>The mask of a row; weights of 1 where nothing is dropped.</summary>
    private readonly struct RowMask
    {
        private readonly Vector512<uint> _low;
        private readonly Vector512<uint> _high;
        private readonly Vector512<uint> _threshold;
        private readonly Vector512<float> _scale;

        public RowMask(RowDropout dropout, int row)
        {
            ulong key = dropout.Threshold == 0 ? 0 : CounterRandom.Combine(dropout.Seed, dropout.RowKeys[row]);
            _low = Vector512.Create((uint)key) + Vector512<uint>.Indices;
            _high = Vector512.Create((uint)(key >> 32));
            _threshold = Vector512.Create(dropout.Threshold);
            _scale = Vector512.Create(dropout.Threshold == 0 ? 1 : dropout.Scale);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<float> At(int column)
        {
            Vector512<uint> x = _low + Vector512.Create((uint)column);
            x ^= x >>> 16;
            x *= Vector512.Create(0x7FEB352Du);
            x ^= x >>> 15;
            x *= Vector512.Create(0x846CA68Bu);
            x ^= x >>> 16;
            return Vector512.GreaterThanOrEqual(x + _high, _threshold).AsSingle() & _scale;
        }
    }
}
