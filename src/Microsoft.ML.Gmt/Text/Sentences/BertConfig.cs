using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Shape of a BERT encoder: what its <c>config.json</c> says.</summary>
internal sealed record BertConfig(int HiddenSize, int LayerCount, int HeadCount, int IntermediateSize, int MaxPositions, double NormEpsilon)
{
    /// <summary>How many tokens the embedding has rows for; null where the file does not say: as many as the tokenizer has.</summary>
    public int? VocabularySize { get; private init; }

    /// <summary>Reads the configuration, and refuses what would be computed wrongly.</summary>
    public static BertConfig Read(string file)
    {
        JsonPart root = JsonPart.Read(file);
        Expect(root["model_type"], "bert");
        Expect(root["hidden_act"], "gelu");
        Expect(root["position_embedding_type"], "absolute");
        BertConfig config = new(
            Size(root["hidden_size"]),
            Size(root["num_hidden_layers"]),
            Size(root["num_attention_heads"]),
            Size(root["intermediate_size"]),
            Size(root["max_position_embeddings"]),
            root["layer_norm_eps"].NumberOrNull() is not { } epsilon ? 1e-12
                : epsilon >= 0 ? epsilon
                : throw root["layer_norm_eps"].Fault("it must not be negative."));
        return config.HiddenSize % config.HeadCount == 0
            ? config with { VocabularySize = root["vocab_size"].IsNull ? null : Size(root["vocab_size"]) }
            : throw root["num_attention_heads"].Fault(
                string.Create(CultureInfo.InvariantCulture, $"{config.HeadCount} heads do not divide a width of {config.HiddenSize}."));
    }

    private static int Size(JsonPart part) =>
        part.Required().TokenId() is > 0 and int size ? size : throw part.Fault("it must be positive.");

    // Where the file leaves it out, the value is BERT's own.
    private static void Expect(JsonPart part, string value)
    {
        if ((part.TextOrNull() ?? value) != value)
        {
            throw part.Fault($"'{GmtFileException.Shorten(part.Text())}' is not supported; '{value}' is.");
        }
    }
}
