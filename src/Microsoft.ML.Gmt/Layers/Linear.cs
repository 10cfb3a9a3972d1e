using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>y = x Wᵀ + b over the last dimension. W and b may be views of a mapped file, and are never initialized twice.</summary>
/// <remarks>Whoever adds to the map derives from it, so that W keeps its name in checkpoints.</remarks>
internal class Linear : nn.Module<Tensor, Tensor>
{
    // Found by the type of the object, which sees no private fields of its base.
    [ComponentName(Name = "weight")]
    private protected readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private protected readonly Parameter? _bias;

    /// <param name="source">Gives W and b.</param>
    /// <param name="path">Full name of the map.</param>
    /// <param name="outputs">Width of y.</param>
    /// <param name="inputs">Width of x.</param>
    /// <param name="bias">Whether there is b.</param>
    /// <param name="initialWeight">How W starts; null leaves it to the source.</param>
    /// <param name="initialBias">How b starts; null leaves it to the source.</param>
    public Linear(
        ParameterSource source, string path, long outputs, long inputs, bool bias,
        InitialValue? initialWeight = null, InitialValue? initialBias = null)
        : this(
            nameof(Linear),
            source.Get($"{path}.weight", initialWeight ?? source.Matrix(inputs), outputs, inputs),
            bias ? source.Get($"{path}.bias", initialBias ?? source.Bias(inputs), outputs) : null)
    {
    }

    /// <param name="name">Name of the derived class.</param>
    /// <param name="weight">[outputs, inputs]; taken over.</param>
    /// <param name="bias">[outputs], taken over; or null.</param>
    private protected Linear(string name, Parameter weight, Parameter? bias) : base(name)
    {
        (_weight, _bias) = (weight, bias);

        // By name, not by reflection: that works only once, and derived classes have components of their own.
        register_parameter("weight", weight);
        if (bias is not null)
        {
            register_parameter("bias", bias);
        }
    }

    /// <summary>W, [outputs, inputs].</summary>
    public Parameter Weight => _weight;

    /// <summary>b, [outputs], or null.</summary>
    public Parameter? Bias => _bias;

    /// <summary>Applies the map.</summary>
    /// <param name="input">[…, inputs], in the weight's type.</param>
    /// <returns>[…, outputs].</returns>
    public override Tensor forward(Tensor input) => nn.functional.linear(input, _weight, _bias);
}
