using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Fresh trainable parameters, drawn one after the other from one generator.</summary>
internal sealed class InitialParameters(int seed, double standardDeviation, ScalarType dtype) : ParameterSource
{
    private uint _drawn;

    public override Parameter Get(string name, InitialValue initial, params long[] shape)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new((uint)seed ^ (0x9E3779B9u * ++_drawn));
        Tensor values = initial switch
        {
            InitialValue.Normal => empty(shape).normal_(0, standardDeviation, generator),
            InitialValue.Zero => zeros(shape),
            _ => ones(shape),
        };
        return new Parameter(values.to_type(dtype).MoveToOuterDisposeScope(), requires_grad: true);
    }
}
