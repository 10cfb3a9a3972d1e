using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>One of the two matrices of a low-rank update.</summary>
public sealed class LowRankFactor : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    /// <param name="weight">[outputs, inputs]; taken over.</param>
    internal LowRankFactor(Tensor weight) : base(nameof(LowRankFactor))
    {
        _weight = new Parameter(weight);
        RegisterComponents();
    }

    /// <summary>[outputs, inputs].</summary>
    public Parameter Weight => _weight;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.linear(input, _weight);
}
