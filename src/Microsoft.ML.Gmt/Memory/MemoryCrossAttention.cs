using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Llm;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// Attention from tokens to memory tokens: O(softmax(Q(n) K(m)ᵀ / √head size) V(m)), without mask and without positions. The projections
/// start as those of the layer's self-attention, each with a low-rank update.
/// </summary>
internal sealed class MemoryCrossAttention : nn.Module
{
    [ComponentName(Name = "q_proj")]
    private readonly LoraProjection _query;

    [ComponentName(Name = "k_proj")]
    private readonly LoraProjection _key;

    [ComponentName(Name = "v_proj")]
    private readonly LoraProjection _value;

    [ComponentName(Name = "o_proj")]
    private readonly LoraProjection _output;

    private readonly long _heads;
    private readonly long _headSize;
    private readonly double _dropout;

    /// <param name="source">Gives the low-rank updates.</param>
    /// <param name="path">Full name of the attention.</param>
    /// <param name="attention">The self-attention whose projections are copied.</param>
    /// <param name="config">The language model's shape.</param>
    /// <param name="lora">The low-rank updates.</param>
    public MemoryCrossAttention(ParameterSource source, string path, LlamaAttention attention, LlamaConfig config, LoraOptions lora)
        : base(nameof(MemoryCrossAttention))
    {
        (_heads, _headSize, _dropout) = (config.HeadCount, config.HeadSize, config.AttentionDropout);
        _query = new LoraProjection(source, $"{path}.q_proj", attention.Query.Weight, lora);
        _key = new LoraProjection(source, $"{path}.k_proj", FullHeads(attention.Key.Weight, config), lora);
        _value = new LoraProjection(source, $"{path}.v_proj", FullHeads(attention.Value.Weight, config), lora);
        _output = new LoraProjection(source, $"{path}.o_proj", attention.Output.Weight, lora);
        RegisterComponents();
    }

    /// <summary>Query, key, value and output projection.</summary>
    public IEnumerable<LoraProjection> Projections => [_query, _key, _value, _output];

    /// <summary>Keys and values of the memory, each [batch, heads, memory, head size]; they serve all tokens, those generated later
    /// too.</summary>
    /// <param name="memory">[batch, memory, hidden] fp32.</param>
    /// <param name="dropout">The source of masks in training; null for none.</param>
    public (Tensor Keys, Tensor Values) Remember(Tensor memory, SeededDropout? dropout)
    {
        using var scope = NewDisposeScope();
        Tensor keys = AttentionCore.SplitHeads(_key.Project(memory, dropout), _heads);
        Tensor values = AttentionCore.SplitHeads(_value.Project(memory, dropout), _heads);
        return (keys.MoveToOuterDisposeScope(), values.MoveToOuterDisposeScope());
    }

    /// <summary>What the tokens read from the memory.</summary>
    /// <param name="input">Normalized hidden states, [batch, query, hidden] fp32.</param>
    /// <param name="keys">[batch, heads, memory, head size].</param>
    /// <param name="values">[batch, heads, memory, head size].</param>
    /// <param name="dropout">The source of masks in training; null for none.</param>
    /// <returns>[batch, query, hidden].</returns>
    public Tensor Attend(Tensor input, Tensor keys, Tensor values, SeededDropout? dropout)
    {
        using var scope = NewDisposeScope();
        Tensor queries = AttentionCore.SplitHeads(_query.Project(input, dropout), _heads).mul(AttentionCore.Scale(_headSize));
        Tensor weights = AttentionCore.Weights(AttentionCore.Scores(queries, keys)); // [batch, heads, query, memory]
        Tensor kept = dropout is null ? weights : dropout.Apply(weights, _dropout);
        return _output.Project(AttentionCore.JoinHeads(kept.matmul(values)), dropout).MoveToOuterDisposeScope();
    }

    /// <summary>Repeats shared key/value heads to one for each query head; nothing changes where none is shared.</summary>
    private static Tensor FullHeads(Tensor weight, LlamaConfig config) => config.KeyValueHeadCount == config.HeadCount
        ? weight
        : weight.view(config.KeyValueHeadCount, config.HeadSize, -1)
            .repeat_interleave(config.HeadCount / config.KeyValueHeadCount, dim: 0).reshape(config.HeadCount * config.HeadSize, -1);
}
