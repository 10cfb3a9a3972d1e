using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>Root mean square normalization (arXiv 1910.07467): x / √(mean(x²) + ε) · weight, over the last dimension.</summary>
/// <remarks>The quotient is taken in fp32 whatever the input's type, then rounded to that type before the weight is applied.</remarks>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    private readonly double _epsilon;

    /// <param name="source">Gives the weight.</param>
    /// <param name="path">Full name of the norm.</param>
    /// <param name="size">Width of the last dimension.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    public RmsNorm(ParameterSource source, string path, long size, double epsilon) : base(nameof(RmsNorm))
    {
        _weight = source.Get($"{path}.weight", InitialValue.One, size);
        _epsilon = epsilon;
        RegisterComponents();
    }

    /// <summary>Normalizes the last dimension.</summary>
    /// <param name="input">[…, size].</param>
    /// <returns>[…, size] in the wider of the input's and the weight's types.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using DisposeScope scope = NewDisposeScope();
        ScalarType dtype = input.dtype;
        Tensor wide = dtype == ScalarType.Float32 ? input : input.to_type(ScalarType.Float32);

        // The mean square by way of the Euclidean norm: one pass over the input and half the backward's time of square().mean().
        Tensor scale = wide.norm(-1, keepdim: true, p: 2).square().div_(wide.size(-1)).add_(_epsilon).rsqrt_(); // […, 1]
        Tensor normed = wide.mul(scale);
        Tensor rounded = dtype == ScalarType.Float32 ? normed : normed.to_type(dtype);
        return rounded.mul(_weight).MoveToOuterDisposeScope();
    }
}
