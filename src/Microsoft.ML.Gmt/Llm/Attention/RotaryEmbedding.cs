using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Turns pairs of channels (i, i + d/2) of queries and keys by angles that grow with the position.</summary>
internal sealed class RotaryEmbedding(RotaryOptions options, int headSize)
{
    private readonly float[] _frequencies = options.Frequencies(headSize);

    /// <summary>Cosines and signed sines of the given positions; the angles are computed in fp32.</summary>
    /// <param name="positions">[batch or 1, query], int64.</param>
    /// <param name="dtype">Type of the result.</param>
    /// <returns>Two tensors [batch or 1, 1, query, headSize]; the first half of the sines is negated, see <see cref="Rotate"/>.</returns>
    public (Tensor Cosine, Tensor SignedSine) Angles(Tensor positions, ScalarType dtype)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor frequencies = tensor(_frequencies, device: positions.device);
        Tensor places = positions.to_type(ScalarType.Float32).unsqueeze(-1);
        Tensor angles = places.mul(frequencies).unsqueeze(1); // [batch, 1, query, headSize / 2]
        Tensor cosine = angles.cos();
        Tensor sine = angles.sin();
        return (
            cat([cosine, cosine], -1).to_type(dtype).MoveToOuterDisposeScope(),
            cat([-sine, sine], -1).to_type(dtype).MoveToOuterDisposeScope());
    }

    /// <summary>x · cos + (second half, first half of x) · (−sin, sin).</summary>
    /// <param name="heads">[batch, heads, query, headSize].</param>
    /// <param name="cosine">[batch or 1, 1, query, headSize].</param>
    /// <param name="signedSine">The same shape.</param>
    public static Tensor Rotate(Tensor heads, Tensor cosine, Tensor signedSine)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor swapped = heads.roll(heads.size(-1) / 2, -1);
        return heads.mul(cosine).addcmul_(swapped, signedSine, 1).MoveToOuterDisposeScope();
    }
}
