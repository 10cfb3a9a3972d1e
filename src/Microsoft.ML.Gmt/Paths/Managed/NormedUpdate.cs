using System.Runtime.Intrinsics;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>The end of a layer for one node: X + relu(LayerNorm(y)).</summary>
internal static unsafe class NormedUpdate
{
    private const int Lanes = 8;

    /// <summary>Writes a node's state after the layer.</summary>
    /// <param name="linear">y: [width].</param>
    /// <param name="before">X, the state before the layer: [width].</param>
    /// <param name="layer">The layer.</param>
    /// <param name="width">A multiple of 16.</param>
    /// <param name="after">Room for the state: [width].</param>
    public static void Write(float* linear, float* before, PackedLayer layer, int width, float* after)
    {
        Vector256<float> sum = Vector256<float>.Zero;
        for (int i = 0; i < width; i += Lanes)
        {
            sum += Vector256.Load(linear + i);
        }

        Vector256<float> mean = Vector256.Create(Vector256.Sum(sum) / width);
        Vector256<float> squares = Vector256<float>.Zero;
        for (int i = 0; i < width; i += Lanes)
        {
            Vector256<float> centered = Vector256.Load(linear + i) - mean;
            squares = Vector256.MultiplyAddEstimate(centered, centered, squares);
        }

        Vector256<float> inverse = Vector256.Create(1 / MathF.Sqrt((Vector256.Sum(squares) / width) + PathLayer.Epsilon));
        float* scale = layer.NormScale.Address, shift = layer.NormShift.Address;
        for (int i = 0; i < width; i += Lanes)
        {
            Vector256<float> normed = (Vector256.Load(linear + i) - mean) * inverse;
            Vector256<float> value = Vector256.MultiplyAddEstimate(normed, Vector256.Load(scale + i), Vector256.Load(shift + i));
            (Vector256.Load(before + i) + Vector256.Max(value, Vector256<float>.Zero)).Store(after + i);
        }
    }
}
