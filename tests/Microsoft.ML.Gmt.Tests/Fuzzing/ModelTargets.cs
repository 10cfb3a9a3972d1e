using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>The configurations of models, and what the scripts keep beside their results.</summary>
internal static class ModelTargets
{
    private static readonly LlamaConfig Config = LlamaConfigFile.Read(JsonPart.Parse("config.json", """
        {"vocab_size": 10, "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2}
        """u8.ToArray()));

    /// <summary>A <c>config.json</c> of a language model; what is taken is written and read again.</summary>
    public static void ModelConfig(byte[] input)
    {
        LlamaConfig config = LlamaConfigFile.Read(JsonPart.Parse("config.json", input));
        using MemoryStream stream = new();
        LlamaConfigFile.Write(config, stream);
        LlamaConfig again = LlamaConfigFile.Read(JsonPart.Parse("config.json", stream.ToArray()));
        if ((again.HiddenSize, again.HeadSize, again.LayerCount) != (config.HiddenSize, config.HeadSize, config.LayerCount))
        {
            throw new InvalidOperationException("What was written is read as something else.");
        }
    }

    /// <summary>A <c>generation_config.json</c>.</summary>
    public static void GenerationConfig(byte[] input) =>
        LlamaConfigFile.WithGeneration(Config, JsonPart.Parse("generation_config.json", input));

    /// <summary>The four configurations of a model of sentence-transformers.</summary>
    public static void SentenceModel(byte[] input) => SentenceEncoder.ReadShape(FuzzFile.WriteFolder(
        "sentences", input, "modules.json", "1_Pooling/config.json", "config.json", "sentence_bert_config.json"));

    /// <summary>
    /// The folder of a language model: two configurations, three files of a tokenizer, an index of shards, and the header of the weights,
    /// whose data are zeros. All of it is read but the weights' values.
    /// </summary>
    public static void LanguageModelFolder(byte[] input)
    {
        const int Header = 6, MostData = 1 << 16;
        string folder = FuzzFile.WriteFolder(
            "model", input, "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json",
            "model.safetensors.index.json");
        byte[] header = FuzzFile.Parts(input, Header + 1)[Header];
        byte[] weights = new byte[sizeof(long) + header.Length + Math.Min(MostData, DataLength(header))];
        BinaryPrimitives.WriteInt64LittleEndian(weights, header.Length);
        header.CopyTo(weights, sizeof(long));
        FuzzFile.Write("model/model.safetensors", weights);
        LanguageModel.Check(folder, tokenizer: null, computeType: null);
    }

    /// <summary>An index of shards.</summary>
    public static void ShardIndex(byte[] input) => ShardedIndex.Read(FuzzFile.Write("model.safetensors.index.json", input));

    /// <summary>A <c>gmt_config.json</c> or <c>sgm_config.json</c>.</summary>
    public static void Arguments(byte[] input)
    {
        PythonArguments arguments = PythonArguments.Read(FuzzFile.Write("gmt_config.json", input));
        arguments.Get("base_model", "");
        arguments.Get("graph_dim", 1);
        arguments.Get("lora_alpha", 0.5);
        arguments.Get("mask_query", otherwise: false);
        RecordedMask.Of(arguments);
    }

    /// <summary>Where the last tensor ends, as a header says.</summary>
    private static int DataLength(byte[] header)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(header);
            return document.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__")
                .Max(tensor => tensor.Value.GetProperty("data_offsets")[1].GetInt32());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException
            or IndexOutOfRangeException)
        {
            return 0; // the reader is to say what is wrong
        }
    }
}
