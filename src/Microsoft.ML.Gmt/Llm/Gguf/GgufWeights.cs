using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>The tensors of a GGUF file under Hugging Face's names and in its layout, in fp32.</summary>
/// <remarks>
/// llama.cpp turns neighboring channels (2i, 2i + 1) by rotary positions, Hugging Face channels (i, i + d/2): its converter puts the rows
/// of query and key projections of LLaMA, not of Qwen2, into another order, which is undone here.
/// </remarks>
/// <param name="file">The file; taken over.</param>
/// <param name="config">The model's shape.</param>
internal sealed class GgufWeights(GgufFile file, LlamaConfig config) : WeightFile
{
    private const string Block = "blk.";

    private static readonly Dictionary<string, string> Whole = new(StringComparer.Ordinal)
    {
        ["token_embd"] = "model.embed_tokens",
        ["output_norm"] = "model.norm",
        ["output"] = "lm_head",
    };

    private static readonly Dictionary<string, string> OfLayer = new(StringComparer.Ordinal)
    {
        ["attn_norm"] = "input_layernorm",
        ["ffn_norm"] = "post_attention_layernorm",
        ["attn_q"] = "self_attn.q_proj",
        ["attn_k"] = "self_attn.k_proj",
        ["attn_v"] = "self_attn.v_proj",
        ["attn_output"] = "self_attn.o_proj",
        ["ffn_gate"] = "mlp.gate_proj",
        ["ffn_up"] = "mlp.up_proj",
        ["ffn_down"] = "mlp.down_proj",
    };

    private readonly Dictionary<string, string> _stored = Stored(file);

    public override string Path => file.Path;

    public override IReadOnlyList<string> Names => [.. _stored.Keys];

    public override bool Contains(string name) => _stored.ContainsKey(name);

    /// <summary>What the file says of a tensor; all are given in fp32.</summary>
    public override StoredTensor Info(string name) => file.Info(_stored[name]) with { Name = name, ElementType = ScalarType.Float32 };

    public override Tensor Get(string name)
    {
        string stored = _stored[name];
        if (config.ModelType != GgufConfig.Llama || !stored.StartsWith(Block, StringComparison.Ordinal))
        {
            return file.Get(stored);
        }

        return stored.Contains(".attn_q.", StringComparison.Ordinal) ? InHalves(file.Get(stored), config.HeadCount)
            : stored.Contains(".attn_k.", StringComparison.Ordinal) ? InHalves(file.Get(stored), config.KeyValueHeadCount)
            : file.Get(stored);
    }

    public override void Dispose() => file.Dispose();

    /// <summary>Hugging Face's name of a tensor; one that has none keeps its own, and is refused as unused.</summary>
    internal static string NameOf(string name)
    {
        int end = name.LastIndexOf('.');
        string part = end < 0 ? name : name[..end], suffix = end < 0 ? "" : name[end..];
        if (Whole.TryGetValue(part, out string? whole))
        {
            return whole + suffix;
        }

        string[] pieces = part.Split('.');
        return pieces is ["blk", var layer, var kind] && OfLayer.TryGetValue(kind, out string? own)
            ? $"model.layers.{layer}.{own}{suffix}" : name;
    }

    private static Dictionary<string, string> Stored(GgufFile file)
    {
        Dictionary<string, string> stored = new(StringComparer.Ordinal);
        foreach (string name in file.Names)
        {
            if (!stored.TryAdd(NameOf(name), name))
            {
                throw new WeightFileException(file.Path, $"it and '{stored[NameOf(name)]}' are one tensor of the model.", name);
            }
        }

        return stored;
    }

    /// <summary>Puts the rows of each head from pairs (2i, 2i + 1) to pairs (i, i + d/2).</summary>
    private static Tensor InHalves(Tensor rows, int heads)
    {
        using DisposeScope scope = NewDisposeScope();
        using (rows)
        {
            long[] rest = rows.shape[1..];
            Tensor paired = rows.view([heads, rows.size(0) / heads / 2, 2, .. rest]);       // [heads, d/2, 2, …]
            return paired.transpose(1, 2).contiguous().view(rows.shape).MoveToOuterDisposeScope();
        }
    }
}
