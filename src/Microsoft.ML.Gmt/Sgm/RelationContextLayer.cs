using Microsoft.ML.Gmt.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// One layer of the Semantic Graph Module: x = LN1(x + drop(MHA(x, c, c))), x = LN2(x + drop(W2 drop(gelu(W1 x)))), for an edge state x and its
/// context c. GELU is the exact one.
/// </summary>
public sealed class RelationContextLayer : nn.Module
{
    [ComponentName(Name = "attn")]
    private readonly SingleKeyAttention _attention;

    [ComponentName(Name = "norm1")]
    private readonly LayerNorm _attentionNorm;

    [ComponentName(Name = "norm2")]
    private readonly LayerNorm _outputNorm;

    [ComponentName(Name = "linear1")]
    private readonly AffineMap _expansion;

    [ComponentName(Name = "linear2")]
    private readonly AffineMap _contraction;

    private readonly int _heads;
    private readonly double _dropout;

    internal RelationContextLayer(SgmOptions options, Generator generator) : base(nameof(RelationContextLayer))
    {
        int width = options.GraphDimension;
        (_heads, _dropout) = (options.Heads, options.Dropout);
        _attention = new SingleKeyAttention(width, options.Heads, generator);
        _attentionNorm = nn.LayerNorm(width);
        _expansion = new AffineMap(width, 4 * width, generator);
        _contraction = new AffineMap(4 * width, width, generator);
        _outputNorm = nn.LayerNorm(width);
        RegisterComponents();
    }

    /// <summary>Attention to the context.</summary>
    public SingleKeyAttention Attention => _attention;

    /// <summary>The norm after the attention.</summary>
    public LayerNorm AttentionNorm => _attentionNorm;

    /// <summary>d → 4 d.</summary>
    public AffineMap Expansion => _expansion;

    /// <summary>4 d → d.</summary>
    public AffineMap Contraction => _contraction;

    /// <summary>The norm after the feed-forward part.</summary>
    public LayerNorm OutputNorm => _outputNorm;

    /// <param name="states">[states, d].</param>
    /// <param name="contexts">[states, relations].</param>
    /// <param name="relations">[relations, d].</param>
    /// <param name="dropout">The source of masks; null outside of training.</param>
    internal Tensor Update(Tensor states, SparseMatrix contexts, Tensor relations, SeededDropout? dropout)
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
