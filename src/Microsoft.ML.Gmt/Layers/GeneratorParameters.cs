using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// Fresh trainable fp32 parameters that start as PyTorch's own modules do: matrices and biases uniform in ± 1 / √inputs. All are drawn from
/// one generator, so the order of construction decides every number.
/// </summary>
/// <param name="generator">The generator.</param>
/// <param name="budget">How much may be allocated, for parameters that are filled from a file; null for any.</param>
internal sealed class GeneratorParameters(Generator generator, ParameterBudget? budget = null) : ParameterSource
{
    public override InitialValue Matrix(long inputs) => InitialValue.Uniform(1 / Math.Sqrt(inputs));

    public override InitialValue Bias(long inputs) => Matrix(inputs);

    public override Parameter Get(string name, InitialValue initial, params long[] shape)
    {
        budget?.Take(name, shape);
        using DisposeScope scope = NewDisposeScope();
        return new Parameter(initial.Draw(shape, generator).MoveToOuterDisposeScope());
    }
}
