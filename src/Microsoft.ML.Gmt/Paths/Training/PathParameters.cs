using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The weights of a path network that no label has a share in, as tensors that gradients flow to. See <see cref="PathLayer"/> and
/// <see cref="PathReadout"/> for what they do.
/// </summary>
/// <param name="Linear">W: [L, d, 2 d].</param>
/// <param name="Bias">b: [L, d].</param>
/// <param name="NormScale">Scale of the layer norm: [L, d].</param>
/// <param name="NormShift">Shift of the layer norm: [L, d].</param>
/// <param name="DegreeScale">
/// a: [L, 3, d]; messages are multiplied by a₀ + a₁ / √deg(v) + a₂ / deg(v), where deg(v) is how many edges v receives over, without those
/// that the query removes, and at least 1. Null for no such factor.
/// </param>
/// <param name="Hidden">M₁: [h, 2 d]; it and those that follow are null where only states are asked for.</param>
/// <param name="HiddenBias">a₁: [h].</param>
/// <param name="Output">m₂: [h].</param>
/// <param name="OutputBias">a₂: [1].</param>
internal sealed record PathParameters(
    Tensor Linear, Tensor Bias, Tensor NormScale, Tensor NormShift, Tensor? DegreeScale = null, Tensor? Hidden = null,
    Tensor? HiddenBias = null, Tensor? Output = null, Tensor? OutputBias = null)
{
    /// <summary>L.</summary>
    public int LayerCount => (int)Linear.size(0);

    /// <summary>d.</summary>
    public int Width => (int)Linear.size(1);

    /// <summary>h; 0 without a readout.</summary>
    public int HiddenWidth => Hidden is null ? 0 : (int)Hidden.size(0);

    /// <summary>Those that are there, in the order of the parameters.</summary>
    public IEnumerable<Tensor> Present() =>
        new[] { Linear, Bias, NormScale, NormShift, DegreeScale, Hidden, HiddenBias, Output, OutputBias }.OfType<Tensor>();

    /// <summary>The same with other tensors in the places of <see cref="Present"/>.</summary>
    public PathParameters With(ReadOnlySpan<Tensor> present)
    {
        int next = 4;
        Tensor? degrees = DegreeScale is null ? null : present[next++];
        return Hidden is null
            ? new PathParameters(present[0], present[1], present[2], present[3], degrees)
            : new PathParameters(
                present[0], present[1], present[2], present[3], degrees, present[next], present[next + 1], present[next + 2],
                present[next + 3]);
    }

    /// <summary>Without the readout.</summary>
    public PathParameters WithoutReadout() => new(Linear, Bias, NormScale, NormShift, DegreeScale);
}
