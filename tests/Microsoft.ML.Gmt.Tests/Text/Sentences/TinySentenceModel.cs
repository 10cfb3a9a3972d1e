using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Text;

/// <summary>
/// A sentence model of random weights that reads letter by letter, laid out as sentence-transformers does: small enough to write in a
/// moment.
/// </summary>
internal static class TinySentenceModel
{
    public const int Dimension = 8;

    private const int Layers = 2;
    private const int Intermediate = 16;
    private const int Positions = 32;

    private static readonly string[] Vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]",
        .. Enumerable.Range('a', 26).SelectMany(letter => new[] { $"{(char)letter}", $"##{(char)letter}" }),
    ];

    /// <summary>Writes the model.</summary>
    /// <param name="folder">The folder, made if it does not exist.</param>
    /// <param name="seed">Which weights.</param>
    /// <returns>The folder.</returns>
    public static string Write(string folder, int seed = 1)
    {
        Directory.CreateDirectory(Path.Combine(folder, "1_Pooling"));
        Save("modules.json", new[]
        {
            new { path = "", type = "sentence_transformers.models.Transformer" },
            new { path = "1_Pooling", type = "sentence_transformers.models.Pooling" },
            new { path = "2_Normalize", type = "sentence_transformers.models.Normalize" },
        });
        Save("1_Pooling/config.json", new { pooling_mode_mean_tokens = true });
        Save("sentence_bert_config.json", new { max_seq_length = Positions });
        Save("config.json", new
        {
            model_type = "bert",
            hidden_size = Dimension,
            num_hidden_layers = Layers,
            num_attention_heads = 2,
            intermediate_size = Intermediate,
            max_position_embeddings = Positions,
        });
        Save("tokenizer.json", new
        {
            added_tokens = Enumerable.Range(0, 4).Select(id => new { id, content = Vocabulary[id], special = true }),
            normalizer = new { type = "BertNormalizer", clean_text = true, handle_chinese_chars = true, lowercase = true },
            pre_tokenizer = new { type = "BertPreTokenizer" },
            post_processor = new
            {
                type = "TemplateProcessing",
                single = new object[] { Special("[CLS]"), new { Sequence = new { id = "A", type_id = 0 } }, Special("[SEP]") },
                special_tokens = new Dictionary<string, object> { ["[CLS]"] = Ids("[CLS]", 2), ["[SEP]"] = Ids("[SEP]", 3) },
            },
            decoder = new { type = "WordPiece", prefix = "##", cleanup = true },
            model = new
            {
                type = "WordPiece",
                unk_token = "[UNK]",
                continuing_subword_prefix = "##",
                max_input_chars_per_word = 100,
                vocab = Vocabulary.Index().ToDictionary(token => token.Item, token => token.Index),
            },
        });
        WriteWeights(Path.Combine(folder, "model.safetensors"), seed);
        return folder;

        void Save(string name, object content) => File.WriteAllText(Path.Combine(folder, name), JsonSerializer.Serialize(content));
    }

    private static object Special(string token) => new { SpecialToken = new { id = token, type_id = 0 } };

    private static object Ids(string token, int id) => new { id = token, ids = new[] { id }, tokens = new[] { token } };

    private static void WriteWeights(string path, int seed)
    {
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new RandomStreams(seed).Generator("weights");
        Dictionary<string, Tensor> weights = [];
        Random("embeddings.word_embeddings.weight", Vocabulary.Length, Dimension);
        Random("embeddings.position_embeddings.weight", Positions, Dimension);
        Random("embeddings.token_type_embeddings.weight", 2, Dimension);
        Norm("embeddings.LayerNorm");
        for (int layer = 0; layer < Layers; layer++)
        {
            string name = $"encoder.layer.{layer}";
            foreach (string map in new[] { "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense" })
            {
                Dense($"{name}.{map}", Dimension, Dimension);
            }

            Norm($"{name}.attention.output.LayerNorm");
            Dense($"{name}.intermediate.dense", Intermediate, Dimension);
            Dense($"{name}.output.dense", Dimension, Intermediate);
            Norm($"{name}.output.LayerNorm");
        }

        SafetensorsWriter.Write(path, weights);

        void Random(string name, params long[] shape) => weights[name] = randn(shape, ScalarType.Float32, generator: generator);

        void Dense(string name, long outputs, long inputs)
        {
            Random($"{name}.weight", outputs, inputs);
            weights[$"{name}.bias"] = zeros(outputs);
        }

        void Norm(string name)
        {
            weights[$"{name}.weight"] = ones(Dimension);
            weights[$"{name}.bias"] = zeros(Dimension);
        }
    }
}
