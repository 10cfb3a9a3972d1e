using Microsoft.ML.Gmt.Layers;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>From standardized features to memory tokens: W₂ gelu(W₁ x + b₁) + b₂, cut into tokens.</summary>
internal sealed class FeatureNetwork : nn.Module
{
    [ComponentName(Name = "fc1")]
    private readonly Linear _hidden;

    [ComponentName(Name = "fc2")]
    private readonly Linear _output;

    private readonly int _tokens;

    /// <param name="source">Gives the parameters.</param>
    /// <param name="inputs">Numbers of a row.</param>
    /// <param name="hiddenWidth">Width between the two maps.</param>
    /// <param name="tokens">Memory tokens of a row.</param>
    /// <param name="width">The language model's hidden size.</param>
    public FeatureNetwork(ParameterSource source, int inputs, int hiddenWidth, int tokens, int width) : base(nameof(FeatureNetwork))
    {
        _tokens = tokens;
        _hidden = new Linear(source, "fc1", hiddenWidth, inputs, bias: true);
        _output = new Linear(source, "fc2", (long)tokens * width, hiddenWidth, bias: true);
        RegisterComponents();
    }

    /// <summary>The length of each input's weights in the first map: how far the input can move anything.</summary>
    public float[] InputStrengths()
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        return [.. _hidden.Weight.pow(2).sum([0L]).sqrt().cpu().contiguous().data<float>()];
    }

    /// <summary>Memory tokens of a batch. Differentiable.</summary>
    /// <param name="inputs">[batch, inputs] fp32.</param>
    /// <returns>[batch, tokens, hidden] fp32.</returns>
    public Tensor Encode(Tensor inputs)
    {
        using var scope = NewDisposeScope();
        return _output.call(nn.functional.gelu(_hidden.call(inputs))).view(inputs.size(0), _tokens, -1).MoveToOuterDisposeScope();
    }
}
