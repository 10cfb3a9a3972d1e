using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>Fresh trainable parameters. Each is drawn from a stream of its own name, so the order of construction does not matter.</summary>
internal sealed class InitialParameters(int seed, double standardDeviation, ScalarType dtype) : ParameterSource
{
    private readonly RandomStreams _streams = new(seed);

    public override Parameter Get(string name, InitialValue initial, params long[] shape)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = _streams.Generator($"llm.{name}");
        Tensor values = initial switch
        {
            InitialValue.Normal => empty(shape).normal_(0, standardDeviation, generator),
            InitialValue.Zero => zeros(shape),
            _ => ones(shape),
        };
        return new Parameter(values.to_type(dtype).MoveToOuterDisposeScope(), requires_grad: true);
    }
}
