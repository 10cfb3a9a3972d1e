using Microsoft.ML.Gmt.Layers;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Causal self-attention with rotary positions and grouped key/value heads (GQA, arXiv 2305.13245).</summary>
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
    private readonly long _headSize;

    public LlamaAttention(ParameterSource source, string path, LlamaConfig config, int layer)
        : base(nameof(LlamaAttention))
    {
        _layer = layer;
        _heads = config.HeadCount;
        _keyValueHeads = config.KeyValueHeadCount;
        _headSize = config.HeadSize;
        long all = _heads * _headSize;
        long shared = _keyValueHeads * _headSize;
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
    /// <param name="input">[batch, query, hidden], already normalised.</param>
    /// <param name="context">This pass's positions, mask and cache.</param>
    /// <returns>[batch, query, hidden], without the residual.</returns>
    public override Tensor forward(Tensor input, AttentionContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Last(input, context, input.size(1));
    }

    /// <summary>Attends from the last tokens only; all tokens' keys and values are there to be seen (and go to the cache).</summary>
    /// <param name="input">[batch, query, hidden], already normalised.</param>
    /// <param name="context">This pass's positions, mask and cache.</param>
    /// <param name="count">Tokens to attend from.</param>
    /// <returns>[batch, count, hidden], without the residual.</returns>
    public Tensor Last(Tensor input, AttentionContext context, long count)
    {
        ArgumentNullException.ThrowIfNull(context);
        using DisposeScope scope = NewDisposeScope();
        long batch = input.size(0);
        long length = input.size(1);
        Tensor Heads(Tensor projected, long heads) => projected.view(batch, projected.size(1), heads, _headSize).transpose(1, 2);

        Tensor asking = count == length ? input : input.narrow(1, length - count, count);
        AttentionContext queries = context.Last(length, count);
        Tensor query = RotaryEmbedding.Rotate(Heads(_query.call(asking), _heads), queries.Cosine, queries.SignedSine);
        Tensor key = RotaryEmbedding.Rotate(Heads(_key.call(input), _keyValueHeads), context.Cosine, context.SignedSine);
        Tensor value = Heads(_value.call(input), _keyValueHeads); // [batch, keyValueHeads, query, headSize]
        if (context.Cache is KeyValueCache cache)
        {
            (key, value) = cache.Append(_layer, key, value);
        }

        Tensor attended = count == 1 ? AttendOne(query, key, value, queries) : AttendMany(query, key, value, queries);
        Tensor joined = attended.transpose(1, 2).reshape(batch, count, _heads * _headSize);
        return _output.call(joined).MoveToOuterDisposeScope();
    }

    /// <summary>One query a row: the heads of a group become its queries, so shared keys and values need no copy.</summary>
    private Tensor AttendOne(Tensor query, Tensor key, Tensor value, AttentionContext context)
    {
        long batch = query.size(0);
        Tensor grouped = query.reshape(batch, _keyValueHeads, _heads / _keyValueHeads, _headSize);
        Tensor? mask = context.Mask?.expand(batch, 1, _heads / _keyValueHeads, key.size(2));
        return nn.functional.scaled_dot_product_attention(grouped, key, value, mask).reshape(batch, _heads, 1, _headSize);
    }

    private Tensor AttendMany(Tensor query, Tensor key, Tensor value, AttentionContext context) =>
        nn.functional.scaled_dot_product_attention(query, Repeat(key), Repeat(value), context.Mask, is_casual: context.Causal);

    /// <summary>[batch, keyValueHeads, key, headSize] → [batch, heads, key, headSize], each head repeated for its group.</summary>
    private Tensor Repeat(Tensor shared)
    {
        if (_heads == _keyValueHeads)
        {
            return shared;
        }

        long batch = shared.size(0);
        long length = shared.size(2);
        return shared.unsqueeze(2)
            .expand(batch, _keyValueHeads, _heads / _keyValueHeads, length, _headSize)
            .reshape(batch, _heads, length, _headSize);
    }
}
