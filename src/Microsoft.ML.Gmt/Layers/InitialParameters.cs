using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// Fresh trainable parameters that start as Hugging Face's language models do: matrices normal, biases zero. Each is drawn from a stream of
/// its own name, so the order of construction does not matter.
/// </summary>
internal sealed class InitialParameters(int seed, double standardDeviation, ScalarType dtype) : ParameterSource
{
    private readonly RandomStreams _streams = new(seed);

    public override InitialValue Matrix(long inputs) => InitialValue.Normal(standardDeviation);

    public override Parameter Get(string name, InitialValue initial, params long[] shape)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = _streams.Generator($"llm.{name}");
        return new Parameter(initial.Draw(shape, generator).to_type(dtype).MoveToOuterDisposeScope(), requires_grad: true);
    }
}
