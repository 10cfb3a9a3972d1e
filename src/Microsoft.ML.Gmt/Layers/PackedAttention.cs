using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>The parameters of PyTorch's <c>nn.MultiheadAttention</c>, under its names; what is attended to is up to the class on top.</summary>
public abstract class PackedAttention : nn.Module
{
    // Registered by the type of the object, which sees no private fields of its base.
    [ComponentName(Name = "in_proj_weight")]
    private protected readonly Parameter _inputWeight;

    [ComponentName(Name = "in_proj_bias")]
    private protected readonly Parameter _inputBias;

    [ComponentName(Name = "out_proj")]
    private protected readonly AffineMap _output;

    private protected PackedAttention(string name, int width, int heads, Generator generator) : base(name)
    {
        (Width, Heads) = (width, heads);
        double bound = Math.Sqrt(6.0 / (4 * width)); // Xavier uniform over the stacked matrix [3 d, d]
        _inputWeight = new Parameter(empty(3 * width, width).uniform_(-bound, bound, generator));
        _inputBias = new Parameter(zeros(3 * width));
        _output = new AffineMap(width, width, generator);
        using (no_grad())
        {
            _output.Bias.zero_();
        }

        RegisterComponents();
    }

    /// <summary>Query, key and value projections, stacked: [3 d, d].</summary>
    public Parameter InputWeight => _inputWeight;

    /// <summary>Their biases, stacked: [3 d].</summary>
    public Parameter InputBias => _inputBias;

    /// <summary>The output projection.</summary>
    public AffineMap Output => _output;

    /// <summary>d.</summary>
    private protected int Width { get; }

    /// <summary>Into how many heads d is split.</summary>
    private protected int Heads { get; }
}
