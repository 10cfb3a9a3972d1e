using Microsoft.ML.Gmt.Layers;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Causal self-attention with rotary positions and grouped key/value heads: <see cref="AttentionCore.Attend"/>.</summary>
internal sealed class LlamaAttention : nn.Module<Tensor, AttentionContext, Tensor>
{
    [ComponentName(Name = "q_proj")]
    private readonly Linear _query;

    [ComponentName(Name = "k_proj")]
    private readonly Linear _key;

    [ComponentName(Name = "v_proj")]
    private readonly Linear _value;

    [ComponentName(Name = "o_proj")]
    private readonly Linear _output;

    private readonly int _layer;
    private readonly long _heads;
    private readonly long _keyValueHeads;

    public LlamaAttention(ParameterSource source, string path, LlamaConfig config, int layer)
        : base(nameof(LlamaAttention))
    {
        _layer = layer;
        _heads = config.HeadCount;
        _keyValueHeads = config.KeyValueHeadCount;
        long all = _heads * config.HeadSize;
        long shared = _keyValueHeads * config.HeadSize;
        _query = new Linear(source, $"{path}.q_proj", all, config.HiddenSize, config.QueryKeyValueBias);
        _key = new Linear(source, $"{path}.k_proj", shared, config.HiddenSize, config.QueryKeyValueBias);
        _value = new Linear(source, $"{path}.v_proj", shared, config.HiddenSize, config.QueryKeyValueBias);
        _output = new Linear(source, $"{path}.o_proj", config.HiddenSize, all, config.AttentionOutputBias);
        RegisterComponents();
    }

    /// <summary>Query projection, [heads · head size, hidden].</summary>
    public Linear Query => _query;

    /// <summary>Key projection, [key/value heads · head size, hidden].</summary>
    public Linear Key => _key;

    /// <summary>Value projection, [key/value heads · head size, hidden].</summary>
    public Linear Value => _value;

    /// <summary>Output projection, [hidden, heads · head size].</summary>
    public Linear Output => _output;

    /// <summary>Attends from each token to those it may see.</summary>
    /// <param name="input">[batch, query, hidden], already normalized.</param>
    /// <param name="context">This pass's positions, mask and cache.</param>
    /// <returns>[batch, query, hidden], without the residual.</returns>
    public override Tensor forward(Tensor input, AttentionContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Last(input, context, input.size(1));
    }

    /// <summary>Attends from the last tokens only; all tokens' keys and values are there to be seen (and go to the cache).</summary>
    /// <param name="input">[batch, query, hidden], already normalized.</param>
    /// <param name="context">This pass's positions, mask and cache.</param>
    /// <param name="count">Tokens to attend from.</param>
    /// <returns>[batch, count, hidden], without the residual.</returns>
    public Tensor Last(Tensor input, AttentionContext context, long count)
    {
        ArgumentNullException.ThrowIfNull(context);
        using DisposeScope scope = NewDisposeScope();
        long length = input.size(1);
        Tensor asking = count == length ? input : input.narrow(1, length - count, count);
        AttentionContext queries = context.Last(length, count);
        Tensor query = RotaryEmbedding.Rotate(AttentionCore.SplitHeads(_query.call(asking), _heads), queries.Cosine, queries.SignedSine);
        Tensor key = RotaryEmbedding.Rotate(AttentionCore.SplitHeads(_key.call(input), _keyValueHeads), context.Cosine, context.SignedSine);
        Tensor value = AttentionCore.SplitHeads(_value.call(input), _keyValueHeads); // [batch, keyValueHeads, query, headSize]
        if (context.Cache is KeyValueCache cache)
        {
            (key, value) = cache.Append(_layer, key, value);
        }

        Tensor attended = AttentionCore.Attend(query, key, value, queries.Mask, queries.Causal);
        return _output.call(AttentionCore.JoinHeads(attended)).MoveToOuterDisposeScope();
    }
}
