using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Reads and writes <c>config.json</c>; refuses by name what the decoder does not compute.</summary>
internal static class LlamaConfigFile
{
    public const string Name = "config.json";

    private const string GenerationName = "generation_config.json";

    /// <summary>Model types whose computation is exactly this decoder's once the checks below have passed.</summary>
    private static readonly string[] ModelTypes = ["llama", "mistral", "qwen2"];

    public static LlamaConfig Read(string folder)
    {
        string path = Path.Combine(folder, Name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"No '{Name}' in '{folder}'; give the folder of a model as Hugging Face lays it out (config.json and *.safetensors).", path);
        }

        using JsonDocument document = ConfigSection.Parse(path);
        LlamaConfig config = Read(new ConfigSection(path, document.RootElement));
        string generation = Path.Combine(folder, GenerationName);
        if (!File.Exists(generation))
        {
            return config;
        }

        using JsonDocument generationDocument = ConfigSection.Parse(generation);
        IReadOnlyList<int> ends = new ConfigSection(generation, generationDocument.RootElement).Integers("eos_token_id");
        return ends.Count == 0 ? config : config with { EndOfSequenceIds = ends };
    }

    private static LlamaConfig Read(ConfigSection file)
    {
        string modelType = file.Text("model_type") ?? "llama";
        RefuseUnsupported(file, modelType);
        bool attentionBias = file.Flag("attention_bias") ?? false;
        LlamaConfig config = new()
        {
            ModelType = modelType,
            VocabularySize = file.RequiredInteger("vocab_size"),
            HiddenSize = file.RequiredInteger("hidden_size"),
            IntermediateSize = file.RequiredInteger("intermediate_size"),
            LayerCount = file.RequiredInteger("num_hidden_layers"),
            HeadCount = file.RequiredInteger("num_attention_heads"),
            KeyValueHeadCount = file.Integer("num_key_value_heads") ?? 0,
            HeadSize = file.Integer("head_dim") ?? 0,
            NormEpsilon = file.Number("rms_norm_eps") ?? 1e-6,
            Rotary = RotaryConfig.Read(file),
            TieEmbeddings = file.Flag("tie_word_embeddings") ?? false,
            QueryKeyValueBias = attentionBias || modelType == "qwen2",
            AttentionOutputBias = attentionBias,
            FeedForwardBias = file.Flag("mlp_bias") ?? false,
            AttentionDropout = file.Number("attention_dropout") ?? 0,
            MaxPositions = file.Integer("max_position_embeddings") ?? 2048,
            InitializerRange = file.Number("initializer_range") ?? 0.02,
            BeginOfSequenceId = file.Integer("bos_token_id"),
            EndOfSequenceIds = file.Integers("eos_token_id"),
            PaddingId = file.Integer("pad_token_id"),
            DataType = DataType(file.Text("dtype") ?? file.Text("torch_dtype")),
        };
        try
        {
            config.Validate();
        }
        catch (ArgumentException exception)
        {
            throw new GmtFileException(file.Path, null, exception.Message, innerException: exception);
        }

        return config;
    }

    private static void RefuseUnsupported(ConfigSection file, string modelType)
    {
        if (!ModelTypes.Contains(modelType))
        {
            throw file.Unsupported("model_type", modelType, $"supported are {string.Join(", ", ModelTypes)}");
        }

        string activation = file.Text("hidden_act") ?? "silu";
        if (activation is not ("silu" or "swish"))
        {
            throw file.Unsupported("hidden_act", activation, "supported is silu");
        }

        // Qwen2 writes a window's size even where it says that the window is not used.
        bool windowUsed = file.Flag("use_sliding_window") ?? true;
        if (windowUsed && file.Integer("sliding_window") is int window && modelType != "llama")
        {
            throw file.Unsupported("sliding_window", window, "supported is full attention only");
        }

        if (file.Texts("layer_types").FirstOrDefault(type => type != "full_attention") is string layerType)
        {
            throw file.Unsupported("layer_types", layerType, "supported is full_attention only");
        }

        if (file.Section("quantization_config") is not null)
        {
            throw file.Unsupported("quantization_config", "an object", "supported are weights in fp32, bf16 and fp16");
        }
    }

    private static ScalarType? DataType(string? name) => name switch
    {
        "float32" => ScalarType.Float32,
        "float16" => ScalarType.Float16,
        "bfloat16" => ScalarType.BFloat16,
        _ => null,
    };

    public static void Write(LlamaConfig config, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteStartArray("architectures");
        json.WriteStringValue(config.ModelType switch
        {
            "mistral" => "MistralForCausalLM",
            "qwen2" => "Qwen2ForCausalLM",
            _ => "LlamaForCausalLM",
        });
        json.WriteEndArray();
        json.WriteString("model_type", config.ModelType);
        json.WriteNumber("vocab_size", config.VocabularySize);
        json.WriteNumber("hidden_size", config.HiddenSize);
        json.WriteNumber("intermediate_size", config.IntermediateSize);
        json.WriteNumber("num_hidden_layers", config.LayerCount);
        json.WriteNumber("num_attention_heads", config.HeadCount);
        json.WriteNumber("num_key_value_heads", config.KeyValueHeadCount);
        json.WriteNumber("head_dim", config.HeadSize);
        json.WriteString("hidden_act", "silu");
        json.WriteNumber("rms_norm_eps", config.NormEpsilon);
        json.WriteNumber("rope_theta", config.Rotary.Theta);
        RotaryConfig.WriteScaling(config.Rotary, json);
        json.WriteBoolean("tie_word_embeddings", config.TieEmbeddings);
        json.WriteBoolean("attention_bias", config.AttentionOutputBias);
        json.WriteBoolean("mlp_bias", config.FeedForwardBias);
        json.WriteNumber("attention_dropout", config.AttentionDropout);
        json.WriteNumber("max_position_embeddings", config.MaxPositions);
        json.WriteNumber("initializer_range", config.InitializerRange);
        WriteIds(json, config);
        json.WriteString("torch_dtype", config.DataType == ScalarType.BFloat16 ? "bfloat16" : config.DataType == ScalarType.Float16 ? "float16" : "float32");
        if (config.ModelType == "mistral")
        {
            // Left out, transformers would fill in a window of 4096.
            json.WriteNull("sliding_window");
        }

        json.WriteEndObject();
    }

    private static void WriteIds(Utf8JsonWriter json, LlamaConfig config)
    {
        WriteId(json, "bos_token_id", config.BeginOfSequenceId);
        WriteId(json, "pad_token_id", config.PaddingId);
        if (config.EndOfSequenceIds.Count <= 1)
        {
            WriteId(json, "eos_token_id", config.EndOfSequenceIds.Count == 0 ? null : config.EndOfSequenceIds[0]);
            return;
        }

        json.WriteStartArray("eos_token_id");
        foreach (int id in config.EndOfSequenceIds)
        {
            json.WriteNumberValue(id);
        }

        json.WriteEndArray();
    }

    private static void WriteId(Utf8JsonWriter json, string key, int? id)
    {
        if (id is int value)
        {
            json.WriteNumber(key, value);
        }
        else
        {
            json.WriteNull(key);
        }
    }
}
