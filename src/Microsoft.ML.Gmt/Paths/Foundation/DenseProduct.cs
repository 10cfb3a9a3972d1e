using System.Numerics.Tensors;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>Small matrix products, for what is computed once a relation.</summary>
internal static class DenseProduct
{
    /// <summary>Output = input · weightsᵀ + bias, row by row.</summary>
    /// <param name="input">[rows, width].</param>
    /// <param name="weights">[outputs, width].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="output">[rows, outputs].</param>
    /// <param name="width">The width of the input.</param>
    public static void Affine(
        ReadOnlySpan<float> input, ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Span<float> output, int width)
    {
        int outputs = bias.Length;
        for (int row = 0; row < input.Length / width; row++)
        {
            ReadOnlySpan<float> from = input.Slice(row * width, width);
            for (int column = 0; column < outputs; column++)
            {
                output[(row * outputs) + column] = bias[column] + TensorPrimitives.Dot(from, weights.Slice(column * width, width));
            }
        }
    }
}
