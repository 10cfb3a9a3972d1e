using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Llm;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// What a decoder layer gets to read the memory, between its attention and its feed-forward half: h + gate · attention(norm(h), memory). The gate
/// starts at 0, so the language model starts as it was.
/// </summary>
public sealed class MemoryLayer : nn.Module
{
    [ComponentName(Name = "memory_gate")]
    private readonly Parameter _gate;

    [ComponentName(Name = "memory_layernorm")]
    private readonly RmsNorm _norm;

    [ComponentName(Name = "memory_attn")]
    private readonly MemoryCrossAttention _attention;

    internal MemoryLayer(LlamaDecoderLayer layer, LlamaConfig config, LoraOptions lora, Generator generator) : base(nameof(MemoryLayer))
    {
        _gate = new Parameter(zeros(1));
        _norm = new RmsNorm(config.HiddenSize, config.NormEpsilon);
        _attention = new MemoryCrossAttention(layer.Attention, config, lora, generator);
        RegisterComponents();
    }

    /// <summary>How much of what is read is added: [1].</summary>
    public Parameter Gate => _gate;

    /// <summary>The norm before the attention.</summary>
    public RmsNorm Norm => _norm;

    /// <summary>The attention to the memory.</summary>
    public MemoryCrossAttention Attention => _attention;
}
