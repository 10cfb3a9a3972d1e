using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
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
                $"No '{Name}' in '{folder}'; give the folder of a model as Hugging Face lays it out (config.json and *.safetensors)."
                + ModelFolderContents.Hint(folder),
                path);
        }

        LlamaConfig config = Read(JsonPart.ReadObject(path));
        string generation = Path.Combine(folder, GenerationName);
        return File.Exists(generation) ? WithGeneration(config, JsonPart.ReadObject(generation)) : config;
    }

    /// <summary>What <c>generation_config.json</c> says in place of <c>config.json</c>.</summary>
    /// <exception cref="GmtFileException">The file is malformed.</exception>
    public static LlamaConfig WithGeneration(LlamaConfig config, JsonPart file)
    {
        IReadOnlyList<int> ends = Integers(file["eos_token_id"]);
        return ends.Count == 0 ? config : config with { EndOfSequenceIds = ends };
    }

    /// <summary>What <c>config.json</c> says.</summary>
    /// <exception cref="GmtFileException">The file is malformed.</exception>
    /// <exception cref="NotSupportedException">The model has a feature that is not computed.</exception>
    public static LlamaConfig Read(JsonPart file)
    {
        string modelType = file["model_type"].TextOrNull() ?? "llama";
        RefuseUnsupported(file, modelType);
        bool attentionBias = file["attention_bias"].Flag(false);
        LlamaConfig config = new()
        {
            ModelType = modelType,
            VocabularySize = file["vocab_size"].Integer(),
            HiddenSize = file["hidden_size"].Integer(),
            IntermediateSize = file["intermediate_size"].Integer(),
            LayerCount = file["num_hidden_layers"].Integer(),
            HeadCount = file["num_attention_heads"].Integer(),
            KeyValueHeadCount = file["num_key_value_heads"] is { IsNull: false } shared ? shared.Integer(1, int.MaxValue) : 0,
            HeadSize = file["head_dim"].IntegerOrNull() ?? 0,
            NormEpsilon = file["rms_norm_eps"].NumberOrNull() ?? 1e-6,
            Rotary = RotaryConfig.Read(file),
            TieEmbeddings = file["tie_word_embeddings"].Flag(false),
            QueryKeyValueBias = attentionBias || modelType == "qwen2",
            AttentionOutputBias = attentionBias,
            FeedForwardBias = file["mlp_bias"].Flag(false),
            AttentionDropout = file["attention_dropout"].NumberOrNull() ?? 0,
            MaxPositions = file["max_position_embeddings"].IntegerOrNull() ?? 2048,
            InitializerRange = file["initializer_range"].NumberOrNull() ?? 0.02,
            BeginOfSequenceId = file["bos_token_id"].IntegerOrNull(),
            EndOfSequenceIds = Integers(file["eos_token_id"]),
            PadId = file["pad_token_id"].IntegerOrNull(),
            DataType = DataType(file["dtype"].TextOrNull() ?? file["torch_dtype"].TextOrNull()),
        };
        try
        {
            config.Validate();
        }
        catch (ArgumentException exception)
        {
            throw new GmtFileException(file.File, null, exception.Message, innerException: exception);
        }

        return config;
    }

    private static void RefuseUnsupported(JsonPart file, string modelType)
    {
        if (!ModelTypes.Contains(modelType))
        {
            throw file["model_type"].Unsupported(modelType, $"supported are {string.Join(", ", ModelTypes)}");
        }

        string activation = file["hidden_act"].TextOrNull() ?? "silu";
        if (activation is not ("silu" or "swish"))
        {
            throw file["hidden_act"].Unsupported(activation, "supported is silu");
        }

        // Qwen2 writes a window's size even where it says that the window is not used.
        bool windowUsed = file["use_sliding_window"].Flag(true);
        if (windowUsed && file["sliding_window"].IntegerOrNull() is int window && modelType != "llama")
        {
            throw file["sliding_window"].Unsupported(window, "supported is full attention only");
        }

        if (file["layer_types"].Items().Select(type => type.Text()).FirstOrDefault(type => type != "full_attention") is string layerType)
        {
            throw file["layer_types"].Unsupported(layerType, "supported is full_attention only");
        }

        if (!file["quantization_config"].IsNull)
        {
            throw file["quantization_config"].Unsupported("an object", "supported are weights in fp32, bf16 and fp16");
        }
    }

    /// <summary>A list of integers; a single one counts as a list of one, none as an empty list.</summary>
    private static IReadOnlyList<int> Integers(JsonPart part) =>
        part.IsArray ? [.. part.Items().Select(item => item.Integer())] : part.IntegerOrNull() is int single ? [single] : [];

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
        json.WriteString(
            "torch_dtype",
            config.DataType == ScalarType.BFloat16 ? "bfloat16" : config.DataType == ScalarType.Float16 ? "float16" : "float32");
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
        WriteId(json, "pad_token_id", config.PadId);
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
