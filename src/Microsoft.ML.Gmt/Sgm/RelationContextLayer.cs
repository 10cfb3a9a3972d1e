using Microsoft.ML.Gmt.Layers;
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

    private readonly int _heads;
    private readonly double _dropout;

    /// <param name="source">Gives the parameters.</param>
    /// <param name="path">Full name of the layer.</param>
    /// <param name="options">The module's shape.</param>
    public RelationContextLayer(ParameterSource source, string path, SgmOptions options) : base(nameof(RelationContextLayer))
    {
        int width = options.GraphDimension;
        (_heads, _dropout) = (options.Heads, options.Dropout);
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
    public Tensor Update(Tensor states, SparseMatrix contexts, Tensor relations, SeededDropout? dropout)
    {
        SeededDropout? active = _dropout > 0 ? dropout : null;
        Tensor AddDropped(Tensor x, Tensor y) => active is null ? x + y : x.addcmul(y, active.Mask(y.shape, _dropout, y), 1);
        Tensor? headMask = active?.Mask([states.size(0), _heads], _dropout, states);
        Tensor x = _attentionNorm.call(AddDropped(states, _attention.Attend(contexts, relations, headMask)));     // [states, d]
        Tensor expanded = _expansion.call(x);                                                                     // [states, 4 d]
        Tensor hidden = active is null ? nn.functional.gelu(expanded) : DroppedGelu.Apply(expanded, active, _dropout);
        return _outputNorm.call(AddDropped(x, _contraction.call(hidden)));
    }
}
