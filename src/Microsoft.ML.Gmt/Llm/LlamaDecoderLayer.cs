using Microsoft.ML.Gmt.Layers;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>One decoder layer in two halves, each with its residual, so that another module may stand between them.</summary>
internal sealed class LlamaDecoderLayer : nn.Module<Tensor, AttentionContext, Tensor>
{
    [ComponentName(Name = "self_attn")]
    private readonly LlamaAttention _attention;

    [ComponentName(Name = "mlp")]
    private readonly LlamaFeedForward _feedForward;

    [ComponentName(Name = "input_layernorm")]
    private readonly RmsNorm _attentionNorm;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly RmsNorm _feedForwardNorm;

    public LlamaDecoderLayer(ParameterSource source, string path, LlamaConfig config, int layer)
        : base(nameof(LlamaDecoderLayer))
    {
        _attention = new LlamaAttention(source, $"{path}.self_attn", config, layer);
        _feedForward = new LlamaFeedForward(source, $"{path}.mlp", config);
        _attentionNorm = new RmsNorm(source, $"{path}.input_layernorm", config.HiddenSize, config.NormEpsilon);
        _feedForwardNorm = new RmsNorm(source, $"{path}.post_attention_layernorm", config.HiddenSize, config.NormEpsilon);
        RegisterComponents();
    }

    /// <summary>Self-attention of this layer.</summary>
    public LlamaAttention Attention => _attention;

    /// <summary>First half: hidden + attention(norm(hidden)).</summary>
    /// <param name="hidden">[batch, query, hidden].</param>
    /// <param name="context">This pass's positions, mask and cache.</param>
    /// <returns>[batch, query, hidden], a new tensor.</returns>
    public Tensor Attend(Tensor hidden, AttentionContext context)
    {
        using DisposeScope scope = NewDisposeScope();
        return _attention.call(_attentionNorm.call(hidden), context).add_(hidden).MoveToOuterDisposeScope();
    }

    /// <summary>First half for the last tokens only: what the layers above, or the head, no longer ask for is not computed.</summary>
    /// <param name="hidden">[batch, query, hidden].</param>
    /// <param name="context">This pass's positions, mask and cache.</param>
    /// <param name="count">Tokens at the end of each row whose output is wanted, from 1 to query. In a left-padded batch all rows end
    /// together.</param>
    /// <returns>[batch, count, hidden], a new tensor.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not within 1 … query.</exception>
    public Tensor AttendLast(Tensor hidden, AttentionContext context, long count)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        long query = hidden.size(1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, query);
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = _attention.Last(_attentionNorm.call(hidden), context, count);
        return attended.add_(hidden.narrow(1, query - count, count)).MoveToOuterDisposeScope();
    }

    /// <summary>Second half: hidden + feedForward(norm(hidden)).</summary>
    /// <param name="hidden">[batch, query, hidden].</param>
    /// <returns>[batch, query, hidden], a new tensor.</returns>
    public Tensor FeedForward(Tensor hidden)
    {
        using DisposeScope scope = NewDisposeScope();
        return _feedForward.call(_feedForwardNorm.call(hidden)).add_(hidden).MoveToOuterDisposeScope();
    }

    /// <summary>Both halves.</summary>
    /// <param name="input1">Hidden states, [batch, query, hidden].</param>
    /// <param name="input2">This pass's positions, mask and cache.</param>
    /// <returns>[batch, query, hidden].</returns>
    public override Tensor forward(Tensor input1, AttentionContext input2)
    {
        using Tensor attended = Attend(input1, input2);
        return FeedForward(attended);
    }
}
