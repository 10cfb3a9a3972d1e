using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Llm;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// What a decoder layer gets to read the memory, between its attention and its feed-forward half: h + gate · attention(norm(h), memory).
/// The gate starts at 0, so the language model starts as it was.
/// </summary>
internal sealed class MemoryLayer : nn.Module
{
    [ComponentName(Name = "memory_gate")]
    private readonly Parameter _gate;

    [ComponentName(Name = "memory_layernorm")]
    private readonly RmsNorm _norm;

    [ComponentName(Name = "memory_attn")]
    private readonly MemoryCrossAttention _attention;

    /// <param name="source">Gives the parameters that are not copied from the layer.</param>
    /// <param name="layer">The decoder layer; its attention's projections are copied.</param>
    /// <param name="config">The language model's shape.</param>
    /// <param name="lora">The low-rank updates.</param>
    public MemoryLayer(ParameterSource source, LlamaDecoderLayer layer, LlamaConfig config, LoraOptions lora) : base(nameof(MemoryLayer))
    {
        _gate = source.Get("memory_gate", InitialValue.Zero, 1);
        _norm = new RmsNorm(source, "memory_layernorm", config.HiddenSize, config.NormEpsilon);
        _attention = new MemoryCrossAttention(source, "memory_attn", layer.Attention, config, lora);
        RegisterComponents();
    }

    /// <summary>How much of what is read is added: [1].</summary>
    public Parameter Gate => _gate;

    /// <summary>The norm before the attention.</summary>
    public RmsNorm Norm => _norm;

    /// <summary>The attention to the memory.</summary>
    public MemoryCrossAttention Attention => _attention;
}
