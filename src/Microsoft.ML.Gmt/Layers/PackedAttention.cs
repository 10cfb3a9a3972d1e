using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>The parameters of PyTorch's <c>nn.MultiheadAttention</c>, under its names; what is attended to is up to the class on
/// top.</summary>
internal abstract class PackedAttention : nn.Module
{
    // Registered by the type of the object, which sees no private fields of its base.
    [ComponentName(Name = "in_proj_weight")]
    private protected readonly Parameter _inputWeight;

    [ComponentName(Name = "in_proj_bias")]
    private protected readonly Parameter _inputBias;

    [ComponentName(Name = "out_proj")]
    private protected readonly Linear _output;

    /// <param name="name">Name of the derived class.</param>
    /// <param name="source">Gives the parameters.</param>
    /// <param name="path">Full name of the attention.</param>
    /// <param name="width">d.</param>
    /// <param name="heads">Into how many heads d is split.</param>
    private protected PackedAttention(string name, ParameterSource source, string path, int width, int heads) : base(name)
    {
        (Width, Heads) = (width, heads);
        var xavier = InitialValue.Uniform(Math.Sqrt(6.0 / (4 * width))); // over the stacked matrix [3 d, d]
        _inputWeight = source.Get($"{path}.in_proj_weight", xavier, 3 * width, width);
        _inputBias = source.Get($"{path}.in_proj_bias", InitialValue.Zero, 3 * width);
        InitialValue drawnButZero = source.Bias(width) with { IsZeroed = true };
        _output = new Linear(source, $"{path}.out_proj", width, width, bias: true, initialBias: drawnButZero);
        RegisterComponents();
    }

    /// <summary>d.</summary>
    private protected int Width { get; }

    /// <summary>Into how many heads d is split.</summary>
    private protected int Heads { get; }

    /// <summary>The weight of one projection, [d, d].</summary>
    /// <param name="part">0 for the query's, 1 for the key's, 2 for the value's.</param>
    private protected Tensor InputWeight(int part) => _inputWeight.narrow(0, part * Width, Width);

    /// <summary>The bias of one projection, [d].</summary>
    /// <param name="part">0 for the query's, 1 for the key's, 2 for the value's.</param>
    private protected Tensor InputBias(int part) => _inputBias.narrow(0, part * Width, Width);
}
