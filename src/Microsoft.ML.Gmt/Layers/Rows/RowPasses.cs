using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// Runs <see cref="IRowKernels"/> over tensors of fp32 on the CPU, a block of rows a thread. Sums over rows are taken block by block, so
/// the bits do not depend on the number of threads.
/// </summary>
internal static unsafe class RowPasses
{
    private const int RowsPerBlock = 64;

    private delegate void BlockAction(int first, int count, RowDropout dropout);

    private delegate void SumAction(int first, int count, RowDropout dropout, float* sums);

    /// <summary>Fills a tensor with the weights of a mask.</summary>
    /// <param name="draw">The mask.</param>
    /// <param name="mask">[rows, width], contiguous.</param>
    /// <param name="kernels">What computes; null for the best.</param>
    public static void FillMask(DropoutDraw draw, Tensor mask, IRowKernels? kernels = null)
    {
        IRowKernels run = kernels ?? IRowKernels.Best;
        int rows = (int)mask.size(0), width = (int)mask.size(1);
        float* to = First(mask);
        ForBlocks(rows, draw, (first, count, dropout) => run.FillMask(dropout, count, width, to + ((long)first * width)));
        GC.KeepAlive(mask);
    }

    /// <summary>GELU under a mask.</summary>
    /// <param name="draw">The mask.</param>
    /// <param name="bias">[width].</param>
    /// <param name="values">x without the bias, [rows, width], contiguous; afterwards the derivative under the mask.</param>
    /// <param name="kernels">What computes; null for the best.</param>
    /// <returns>The value under the mask, [rows, width].</returns>
    public static Tensor Gelu(DropoutDraw draw, Tensor bias, Tensor values, IRowKernels? kernels = null)
    {
        IRowKernels run = kernels ?? IRowKernels.Best;
        Tensor activations = empty_like(values);
        int rows = (int)values.size(0), width = (int)values.size(1);
        float* b = First(bias), x = First(values), y = First(activations);
        ForBlocks(rows, draw, (first, count, dropout) =>
        {
            long at = (long)first * width;
            run.Gelu(dropout, count, width, b, x + at, y + at);
        });
        GC.KeepAlive((bias, values));
        return activations;
    }

    /// <summary>Multiplies gradients in place by the derivatives that <see cref="Gelu"/> left.</summary>
    /// <param name="derivatives">[rows, width].</param>
    /// <param name="gradients">[rows, width], contiguous.</param>
    /// <param name="kernels">What computes; null for the best.</param>
    /// <returns>The sum of the results over the rows, [width].</returns>
    public static Tensor GeluBack(Tensor derivatives, Tensor gradients, IRowKernels? kernels = null)
    {
        IRowKernels run = kernels ?? IRowKernels.Best;
        int rows = (int)gradients.size(0), width = (int)gradients.size(1);
        float* d = First(derivatives), g = First(gradients);
        Tensor sums = SumBlocks(rows, width, DropoutDraw.None, (first, count, _, to) =>
        {
            long at = (long)first * width;
            run.GeluBack(count, width, d + at, g + at, to);
        });
        GC.KeepAlive(derivatives);
        GC.KeepAlive(gradients);
        return sums;
    }

    /// <summary>Layer normalization of x + mask · (y + c).</summary>
    /// <param name="draw">The mask.</param>
    /// <param name="x">[rows, width], contiguous, as y.</param>
    /// <param name="y">What the mask is for.</param>
    /// <param name="yBias">c, [width].</param>
    /// <param name="weight">[width].</param>
    /// <param name="bias">[width].</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="normalized">[rows, width], contiguous; receives what the weight multiplies. May be <paramref name="y"/>.</param>
    /// <param name="kernels">What computes; null for the best.</param>
    /// <returns>The result [rows, width]; 1 / √(variance + ε), [rows].</returns>
    public static (Tensor Output, Tensor Inverse) AddNorm(
        DropoutDraw draw, Tensor x, Tensor y, Tensor yBias, Tensor weight, Tensor bias, float epsilon, Tensor normalized,
        IRowKernels? kernels = null)
    {
        IRowKernels run = kernels ?? IRowKernels.Best;
        Tensor output = empty_like(x), inverse = empty(x.size(0), ScalarType.Float32, CPU);
        (int rows, int width) = ((int)x.size(0), (int)x.size(1));
        float* from = First(x), added = First(y), c = First(yBias), w = First(weight), b = First(bias);
        float* to = First(output), n = First(normalized), i = First(inverse);
        ForBlocks(rows, draw, (first, count, dropout) =>
        {
            long at = (long)first * width;
            run.AddNorm(dropout, count, width, from + at, added + at, c, w, b, epsilon, n + at, i + first, to + at);
        });
        GC.KeepAlive((x, y, yBias, weight, bias, normalized));
        return (output, inverse);
    }

    /// <summary>Back through <see cref="AddNorm"/>.</summary>
    /// <param name="draw">The same mask.</param>
    /// <param name="gradients">[rows, width], contiguous.</param>
    /// <param name="normalized">As <see cref="AddNorm"/> left it.</param>
    /// <param name="inverse">As <see cref="AddNorm"/> left it.</param>
    /// <param name="weight">[width].</param>
    /// <param name="kernels">What computes; null for the best.</param>
    /// <returns>The gradients of x and of y, one tensor where nothing is dropped; those of the biases
    /// and of the weight.</returns>
    public static (Tensor X, Tensor Y, Tensor YBias, Tensor Weight, Tensor Bias) AddNormBack(
        DropoutDraw draw, Tensor gradients, Tensor normalized, Tensor inverse, Tensor weight, IRowKernels? kernels = null)
    {
        IRowKernels run = kernels ?? IRowKernels.Best;
        Tensor ofX = empty_like(gradients), ofY = draw.Drops ? empty_like(gradients) : ofX;
        (int rows, int width) = ((int)gradients.size(0), (int)gradients.size(1));
        float* g = First(gradients), n = First(normalized), i = First(inverse), w = First(weight);
        float* x = First(ofX), y = draw.Drops ? First(ofY) : null;
        Tensor sums = SumBlocks(rows, 3 * width, draw, (first, count, dropout, to) =>
        {
            long at = (long)first * width;
            run.AddNormBack(dropout, count, width, g + at, n + at, i + first, w, x + at, y is null ? null : y + at, to, to + width,
                to + (2 * width));
        });
        GC.KeepAlive((gradients, normalized, inverse, weight));
        return (ofX, ofY, sums.narrow(0, 0, width), sums.narrow(0, width, width), sums.narrow(0, 2 * width, width));
    }

    private static void ForBlocks(int rows, DropoutDraw draw, BlockAction action)
    {
        fixed (ulong* keys = draw.RowKeys)
        {
            ulong* pinned = keys;
            TorchThreads.ForEach((rows + RowsPerBlock - 1) / RowsPerBlock, block =>
            {
                int first = block * RowsPerBlock;
                action(first, Math.Min(RowsPerBlock, rows - first), draw.From(pinned, first));
            });
        }
    }

    private static Tensor SumBlocks(int rows, int width, DropoutDraw draw, SumAction action)
    {
        float[] ofBlocks = new float[(rows + RowsPerBlock - 1) / RowsPerBlock * width];
        Tensor total = zeros(width, ScalarType.Float32, CPU);
        fixed (float* first = ofBlocks)
        {
            float* room = first;
            ForBlocks(rows, draw, (row, count, dropout) => action(row, count, dropout, room + ((long)(row / RowsPerBlock) * width)));
        }

        var sum = new Span<float>(First(total), width);
        for (int at = 0; at < ofBlocks.Length; at += width)
        {
            TensorPrimitives.Add(sum, ofBlocks.AsSpan(at, width), sum);
        }

        return total;
    }

    private static float* First(Tensor contiguous)
    {
        fixed (byte* first = contiguous.bytes)
        {
            return (float*)first;
        }
    }
}
