using System.Runtime.Intrinsics;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>The end of a network: hidden layer and score of nodes.</summary>
internal static unsafe class ReadoutPass
{
    /// <summary>The hidden layer of all nodes before its bias: [nodes, h].</summary>
    /// <param name="readout">The readout.</param>
    /// <param name="states">[nodes, d].</param>
    /// <param name="nodes">How many nodes there are.</param>
    /// <param name="width">d.</param>
    public static AlignedFloats Hidden(PackedReadout readout, AlignedFloats states, int nodes, int width)
    {
        var hidden = new AlignedFloats(checked(nodes * readout.HiddenWidth));
        float* products = stackalloc float[RowProduct.Rows * readout.HiddenWidth];
        float** rows = stackalloc float*[RowProduct.Rows];
        for (int start = 0; start < nodes; start += RowProduct.Rows)
        {
            int count = Math.Min(RowProduct.Rows, nodes - start);
            for (int i = 0; i < RowProduct.Rows; i++)
            {
                rows[i] = states.Address + ((nint)(start + (i < count ? i : 0)) * width);
            }

            Multiply(readout, rows, width, products);
            new Span<float>(products, count * readout.HiddenWidth).CopyTo(hidden.Span[(start * readout.HiddenWidth)..]);
        }

        return hidden;
    }

    /// <summary>The scores of some nodes, from their states.</summary>
    /// <param name="readout">The readout.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="states">The states after the last layer.</param>
    /// <param name="width">d.</param>
    /// <param name="work">The query's memory, with its bias.</param>
    /// <param name="scores">Room for the scores of all nodes: [all nodes].</param>
    public static void Score(
        PackedReadout readout, ReadOnlySpan<int> nodes, StateRows states, int width, PathWorkspace work, Span<float> scores)
    {
        float* products = work.Products.Address;
        float** rows = stackalloc float*[RowProduct.Rows];
        for (int start = 0; start < nodes.Length; start += RowProduct.Rows)
        {
            int count = Math.Min(RowProduct.Rows, nodes.Length - start);
            for (int i = 0; i < RowProduct.Rows; i++)
            {
                rows[i] = states.Row(nodes[start + (i < count ? i : 0)], width);
            }

            Multiply(readout, rows, width, products);
            for (int i = 0; i < count; i++)
            {
                scores[nodes[start + i]] = Score(readout, products + (i * readout.HiddenWidth), work.HiddenBias.Address);
            }
        }
    }

    /// <summary>m₂ · relu(hidden + bias) + a₂.</summary>
    public static float Score(PackedReadout readout, float* hidden, float* bias)
    {
        Vector256<float> sum0 = Vector256<float>.Zero, sum1 = Vector256<float>.Zero;
        float* output = readout.Output.Address;
        for (int i = 0; i < readout.HiddenWidth; i += 16)
        {
            Vector256<float> value0 = Vector256.Max(Vector256.Load(hidden + i) + Vector256.Load(bias + i), Vector256<float>.Zero);
            Vector256<float> value1 = Vector256.Max(Vector256.Load(hidden + i + 8) + Vector256.Load(bias + i + 8), Vector256<float>.Zero);
            sum0 = Vector256.MultiplyAddEstimate(value0, Vector256.Load(output + i), sum0);
            sum1 = Vector256.MultiplyAddEstimate(value1, Vector256.Load(output + i + 8), sum1);
        }

        return Vector256.Sum(sum0 + sum1) + readout.OutputBias;
    }

    private static void Multiply(PackedReadout readout, float** rows, int width, float* products)
    {
        new Span<float>(products, RowProduct.Rows * readout.HiddenWidth).Clear();
        RowProduct.Add(rows, width, readout.State.Address, readout.HiddenWidth, products);
    }
}
