using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>Layer normalization (arXiv 1607.06450) over the last dimension: (x − mean) / √(variance + ε) · weight + bias.</summary>
internal sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    private readonly long[] _shape;

    /// <param name="source">Gives weight and bias.</param>
    /// <param name="path">Full name of the norm.</param>
    /// <param name="size">Width of the last dimension.</param>
    /// <param name="epsilon">Added to the variance; PyTorch's default.</param>
    public LayerNorm(ParameterSource source, string path, long size, double epsilon = 1e-5) : base(nameof(LayerNorm))
    {
        (_shape, Epsilon) = ([size], epsilon);
        _weight = source.Get($"{path}.weight", InitialValue.One, size);
        _bias = source.Get($"{path}.bias", InitialValue.Zero, size);
        RegisterComponents();
    }

    /// <summary>What is added to the variance.</summary>
    public double Epsilon { get; }

    /// <summary>[size].</summary>
    public Parameter Weight => _weight;

    /// <summary>[size].</summary>
    public Parameter Bias => _bias;

    /// <summary>[…, size] → […, size].</summary>
    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, _shape, _weight, _bias, Epsilon);
}
