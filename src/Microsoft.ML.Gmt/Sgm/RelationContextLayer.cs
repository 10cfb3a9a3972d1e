using Microsoft.ML.Gmt.Layers;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// One layer of the Semantic Graph Module: x = LN1(x + drop(MHA(x, c, c))), x = LN2(x + drop(W2 drop(gelu(W1 x)))), for an edge state x and
/// its context c. GELU is the exact one.
/// </summary>
internal sealed class RelationContextLayer : nn.Module
{
    [ComponentName(Name = "attn")]
    private readonly SingleKeyAttention _attention;

    [ComponentName(Name = "norm1")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "norm2")]
    private readonly LayerNorm _outputNorm;

    [ComponentName(Name = "linear1")]
    private readonly Linear _expansion;

    [ComponentName(Name = "linear2")]
    private readonly Linear _contraction;

    private readonly double _dropout;

    /// <param name="source">Gives the parameters.</param>
    /// <param name="path">Full name of the layer.</param>
    /// <param name="options">The module's shape.</param>
    public RelationContextLayer(ParameterSource source, string path, SgmOptions options) : base(nameof(RelationContextLayer))
    {
        int width = options.GraphDimension;
        _dropout = options.Dropout;
        _attention = new SingleKeyAttention(source, $"{path}.attn", width, options.Heads);
        _attentionNorm = new LayerNorm(source, $"{path}.norm1", width);
        _expansion = new Linear(source, $"{path}.linear1", outputs: 4 * width, inputs: width, bias: true);
        _contraction = new Linear(source, $"{path}.linear2", outputs: width, inputs: 4 * width, bias: true);
        _outputNorm = new LayerNorm(source, $"{path}.norm2", width);
        RegisterComponents();
    }

    /// <summary>d → 4 d.</summary>
    public Linear Expansion => _expansion;

    /// <param name="states">[states, d].</param>
    /// <param name="contexts">[states, relations].</param>
    /// <param name="relations">[relations, d].</param>
    /// <param name="dropout">The source of masks; null outside of training.</param>
    /// <param name="keys">What each state is, for the masks: [states].</param>
    public Tensor Update(Tensor states, SparseMatrix contexts, Tensor relations, SeededDropout? dropout, ulong[] keys)
    {
        DropoutDraw Draw() => dropout?.Draw(_dropout, keys) ?? DropoutDraw.None;
        (Tensor attended, Tensor bias) = _attention.Attend(contexts, relations, Draw());                 // [states, d], [d]
        if (dropout is not null && states.device_type == DeviceType.CPU && states.dtype == ScalarType.Float32)
        {
            Tensor sum = DroppedSumNorm.Apply(states, attended, bias, _attentionNorm, Draw());           // [states, d]
            return FeedForward.Apply(sum, _expansion, _contraction, _outputNorm, Draw(), Draw());
        }

        Tensor Drop(Tensor y) => dropout is null ? y : dropout.Apply(y, _dropout, keys);
        Tensor x = _attentionNorm.call(states + Drop(attended + bias));                                  // [states, d]
        Tensor hidden = Drop(nn.functional.gelu(_expansion.call(x)));                                    // [states, 4 d]
        return _outputNorm.call(x + Drop(_contraction.call(hidden)));
    }
}
