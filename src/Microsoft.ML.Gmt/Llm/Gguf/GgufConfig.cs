using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>The shape of a model out of the settings of its GGUF file; refuses by name what the decoder does not compute.</summary>
internal static class GgufConfig
{
    /// <summary>The architecture whose query and key rows llama.cpp reorders.</summary>
    public const string Llama = "llama";

    private static readonly string[] Architectures = [Llama, "qwen2"];

    /// <exception cref="GmtFileException">A setting is missing or makes no sense.</exception>
    /// <exception cref="NotSupportedException">The model has a feature that is not computed.</exception>
    public static LlamaConfig Read(GgufFile file)
    {
        string architecture = file.Text("general.architecture") ?? throw file.Fault("general.architecture", "missing.");
        if (!Architectures.Contains(architecture))
        {
            throw Unsupported(file, "general.architecture", architecture, $"supported are {string.Join(", ", Architectures)}");
        }

        string Key(string name) => $"{architecture}.{name}";
        int Needed(string name) => file.Integer(Key(name)) ?? throw file.Fault(Key(name), "missing.");
        RefuseUnsupported(file, Key);
        int heads = Needed("attention.head_count"), hidden = Needed("embedding_length");
        int headSize = file.Integer(Key("attention.key_length")) ?? (heads == 0 ? 0 : hidden / heads);
        if (file.Integer(Key("rope.dimension_count")) is { } turned && turned != headSize)
        {
            throw Unsupported(file, Key("rope.dimension_count"), turned, $"supported is the whole head, {headSize}");
        }

        LlamaConfig config = new()
        {
            ModelType = architecture,
            VocabularySize = file.Contains("token_embd.weight") ? Rows(file.Info("token_embd.weight")) : Needed("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = Needed("feed_forward_length"),
            LayerCount = Needed("block_count"),
            HeadCount = heads,
            KeyValueHeadCount = file.Integer(Key("attention.head_count_kv")) ?? 0,
            HeadSize = headSize,
            NormEpsilon = file.Number(Key("attention.layer_norm_rms_epsilon"))
                ?? throw file.Fault(Key("attention.layer_norm_rms_epsilon"), "missing."),
            Rotary = Rotary(file, Key),
            TieEmbeddings = !file.Contains("output.weight"),
            QueryKeyValueBias = file.Contains("blk.0.attn_q.bias"),
            AttentionOutputBias = file.Contains("blk.0.attn_output.bias"),
            FeedForwardBias = file.Contains("blk.0.ffn_down.bias"),
            MaxPositions = Needed("context_length"),
            BeginOfSequenceId = file.Integer("tokenizer.ggml.bos_token_id"),
            EndOfSequenceIds = file.Integer("tokenizer.ggml.eos_token_id") is { } end ? [end] : [],
            PadId = file.Integer("tokenizer.ggml.padding_token_id"),
            DataType = ScalarType.Float32,
        };
        try
        {
            config.Validate();
            return config;
        }
        catch (ArgumentException e)
        {
            throw new GmtFileException(file.Path, null, e.Message, innerException: e);
        }
    }

    private static int Rows(StoredTensor tensor) => tensor.Shape is [var rows, _] && rows <= int.MaxValue ? (int)rows : 0;

    private static RotaryOptions Rotary(GgufFile file, Func<string, string> key)
    {
        RotaryOptions plain = new() { Theta = file.Number(key("rope.freq_base")) ?? new RotaryOptions().Theta };
        string scaling = file.Text(key("rope.scaling.type")) ?? "none";
        return scaling switch
        {
            "none" => plain,
            "linear" => plain with
            {
                Scaling = RotaryScaling.Linear,
                Factor = file.Number(key("rope.scaling.factor")) ?? throw file.Fault(key("rope.scaling.factor"), "missing."),
            },
            _ => throw Unsupported(file, key("rope.scaling.type"), scaling, "supported are none and linear"),
        };
    }

    private static void RefuseUnsupported(GgufFile file, Func<string, string> key)
    {
        if (file.Contains("rope_freqs.weight"))
        {
            throw Unsupported(file, "rope_freqs.weight", "a tensor", "supported are positions without frequencies of their own");
        }

        if (file.Integer(key("expert_count")) is > 0 and var experts)
        {
            throw Unsupported(file, key("expert_count"), experts, "supported are models without experts");
        }

        if (file.Setting(key("attention.sliding_window")) is { } window)
        {
            throw Unsupported(file, key("attention.sliding_window"), window, "supported is full attention only");
        }
    }

    private static NotSupportedException Unsupported(GgufFile file, string what, object value, string supported) => new(
        $"{file.Path}: {what} is {value}, which is not supported; {supported}. Get the model's safetensors files, or another model.");
}
