using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// Four rows times a matrix. A row's numbers are summed in the order of the matrix' rows, whatever rows stand beside it, so that they come
/// out with the same bits wherever the row is computed.
/// </summary>
internal static unsafe class RowProduct
{
    /// <summary>How many rows are taken at once.</summary>
    public const int Rows = 4;

    /// <summary>Adds rows · weights to output.</summary>
    /// <param name="rows">Where each of the four rows begins: [depth] each.</param>
    /// <param name="depth">How many numbers a row has.</param>
    /// <param name="weights">[depth, width].</param>
    /// <param name="width">A multiple of 16.</param>
    /// <param name="output">[4, width].</param>
    public static void Add(float** rows, int depth, float* weights, int width, float* output)
    {
        if (Vector512.IsHardwareAccelerated && width % 64 == 0)
        {
            for (int column = 0; column < width; column += 64)
            {
                Add64(rows[0], rows[1], rows[2], rows[3], depth, weights + column, width, output + column);
            }
        }
        else
        {
            for (int column = 0; column < width; column += 16)
            {
                Add16(rows[0], rows[1], rows[2], rows[3], depth, weights + column, width, output + column);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add64(
        float* row0, float* row1, float* row2, float* row3, int depth, float* weights, int width, float* output)
    {
        float* output1 = output + width, output2 = output1 + width, output3 = output2 + width;
        Vector512<float> a0 = Vector512.Load(output), a1 = Vector512.Load(output + 16);
        Vector512<float> a2 = Vector512.Load(output + 32), a3 = Vector512.Load(output + 48);
        Vector512<float> b0 = Vector512.Load(output1), b1 = Vector512.Load(output1 + 16);
        Vector512<float> b2 = Vector512.Load(output1 + 32), b3 = Vector512.Load(output1 + 48);
        Vector512<float> c0 = Vector512.Load(output2), c1 = Vector512.Load(output2 + 16);
        Vector512<float> c2 = Vector512.Load(output2 + 32), c3 = Vector512.Load(output2 + 48);
        Vector512<float> d0 = Vector512.Load(output3), d1 = Vector512.Load(output3 + 16);
        Vector512<float> d2 = Vector512.Load(output3 + 32), d3 = Vector512.Load(output3 + 48);
        for (int i = 0; i < depth; i++, weights += width)
        {
            Vector512<float> w0 = Vector512.Load(weights), w1 = Vector512.Load(weights + 16);
            Vector512<float> w2 = Vector512.Load(weights + 32), w3 = Vector512.Load(weights + 48);
            Vector512<float> x = Vector512.Create(row0[i]);
            a0 = Vector512.MultiplyAddEstimate(x, w0, a0);
            a1 = Vector512.MultiplyAddEstimate(x, w1, a1);
            a2 = Vector512.MultiplyAddEstimate(x, w2, a2);
            a3 = Vector512.MultiplyAddEstimate(x, w3, a3);
            x = Vector512.Create(row1[i]);
            b0 = Vector512.MultiplyAddEstimate(x, w0, b0);
            b1 = Vector512.MultiplyAddEstimate(x, w1, b1);
            b2 = Vector512.MultiplyAddEstimate(x, w2, b2);
            b3 = Vector512.MultiplyAddEstimate(x, w3, b3);
            x = Vector512.Create(row2[i]);
            c0 = Vector512.MultiplyAddEstimate(x, w0, c0);
            c1 = Vector512.MultiplyAddEstimate(x, w1, c1);
            c2 = Vector512.MultiplyAddEstimate(x, w2, c2);
            c3 = Vector512.MultiplyAddEstimate(x, w3, c3);
            x = Vector512.Create(row3[i]);
            d0 = Vector512.MultiplyAddEstimate(x, w0, d0);
            d1 = Vector512.MultiplyAddEstimate(x, w1, d1);
            d2 = Vector512.MultiplyAddEstimate(x, w2, d2);
            d3 = Vector512.MultiplyAddEstimate(x, w3, d3);
        }

        Store(output, a0, a1, a2, a3);
        Store(output1, b0, b1, b2, b3);
        Store(output2, c0, c1, c2, c3);
        Store(output3, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add16(
        float* row0, float* row1, float* row2, float* row3, int depth, float* weights, int width, float* output)
    {
        float* output1 = output + width, output2 = output1 + width, output3 = output2 + width;
        Vector256<float> a0 = Vector256.Load(output), a1 = Vector256.Load(output + 8);
        Vector256<float> b0 = Vector256.Load(output1), b1 = Vector256.Load(output1 + 8);
        Vector256<float> c0 = Vector256.Load(output2), c1 = Vector256.Load(output2 + 8);
        Vector256<float> d0 = Vector256.Load(output3), d1 = Vector256.Load(output3 + 8);
        for (int i = 0; i < depth; i++, weights += width)
        {
            Vector256<float> w0 = Vector256.Load(weights), w1 = Vector256.Load(weights + 8);
            Vector256<float> x = Vector256.Create(row0[i]);
            a0 = Vector256.MultiplyAddEstimate(x, w0, a0);
            a1 = Vector256.MultiplyAddEstimate(x, w1, a1);
            x = Vector256.Create(row1[i]);
            b0 = Vector256.MultiplyAddEstimate(x, w0, b0);
            b1 = Vector256.MultiplyAddEstimate(x, w1, b1);
            x = Vector256.Create(row2[i]);
            c0 = Vector256.MultiplyAddEstimate(x, w0, c0);
            c1 = Vector256.MultiplyAddEstimate(x, w1, c1);
            x = Vector256.Create(row3[i]);
            d0 = Vector256.MultiplyAddEstimate(x, w0, d0);
            d1 = Vector256.MultiplyAddEstimate(x, w1, d1);
        }

        Store(output, a0, a1);
        Store(output1, b0, b1);
        Store(output2, c0, c1);
        Store(output3, d0, d1);
    }

    private static void Store(float* output, Vector512<float> v0, Vector512<float> v1, Vector512<float> v2, Vector512<float> v3)
    {
        v0.Store(output);
        v1.Store(output + 16);
        v2.Store(output + 32);
        v3.Store(output + 48);
    }

    private static void Store(float* output, Vector256<float> v0, Vector256<float> v1)
    {
        v0.Store(output);
        v1.Store(output + 8);
    }
}
