using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>y = x Wᵀ + b, initialised as PyTorch's <c>nn.Linear</c> but from a generator of the caller's.</summary>
public sealed class AffineMap : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    /// <summary>Makes W and b uniform in ± 1 / √inputs.</summary>
    /// <param name="inputs">Width of x.</param>
    /// <param name="outputs">Width of y.</param>
    /// <param name="generator">The source of the initial numbers.</param>
    internal AffineMap(long inputs, long outputs, Generator generator) : base(nameof(AffineMap))
    {
        double bound = 1 / Math.Sqrt(inputs);
        _weight = new Parameter(empty(outputs, inputs).uniform_(-bound, bound, generator));
        _bias = new Parameter(empty(outputs).uniform_(-bound, bound, generator));
        RegisterComponents();
    }

    /// <summary>W [outputs, inputs].</summary>
    public Parameter Weight => _weight;

    /// <summary>b [outputs].</summary>
    public Parameter Bias => _bias;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => nn.functional.linear(input, _weight, _bias);
}
