using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>Linear map y = x Wᵀ + b whose weights come from a model's files: they may be views of a mapped file, never initialised twice.</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter? _bias;

    internal Linear(ParameterSource source, string path, long outputs, long inputs, bool bias)
        : base(nameof(Linear))
    {
        _weight = source.Get($"{path}.weight", InitialValue.Normal, outputs, inputs);
        _bias = bias ? source.Get($"{path}.bias", InitialValue.Zero, outputs) : null;
        RegisterComponents();
    }

    /// <summary>Weight, [outputs, inputs].</summary>
    public Parameter Weight => _weight;

    /// <summary>Bias, [outputs], or null.</summary>
    public Parameter? Bias => _bias;

    /// <summary>Applies the map to the last dimension.</summary>
    /// <param name="input">[…, inputs], in the weight's type.</param>
    /// <returns>[…, outputs].</returns>
    public override Tensor forward(Tensor input) => nn.functional.linear(input, _weight, _bias);
}
