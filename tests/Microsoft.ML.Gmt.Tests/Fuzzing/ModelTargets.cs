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
}
