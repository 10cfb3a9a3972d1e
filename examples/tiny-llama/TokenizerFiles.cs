using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Gmt.Runtime;

namespace Examples.TinyLlama;

/// <summary>
/// Writes a trained encoding as a tokenizer in Hugging Face's layout, and what else a model folder tells about its tokens.
/// </summary>
internal static class TokenizerFiles
{
    public const int PadId = 0;
    public const int BeginId = 1;
    public const int EndId = 2;

    private const string Pad = "<pad>";
    private const string Begin = "<s>";
    private const string End = "</s>";

    // Ids of byte-pair tokens begin after the three special ones.
    public const int FirstId = 3;

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(string folder, IReadOnlyList<byte[]> tokens, IReadOnlyList<(int Left, int Right)> merges, int maximumLength)
    {
        Write(folder, "tokenizer.json", Tokenizer(tokens, merges));
        Write(folder, "tokenizer_config.json", new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["bos_token"] = Begin,
            ["eos_token"] = End,
            ["pad_token"] = Pad,
            ["padding_side"] = "left",
            ["model_max_length"] = maximumLength,
            ["clean_up_tokenization_spaces"] = false,
        });
        Write(folder, "special_tokens_map.json", new JsonObject { ["bos_token"] = Begin, ["eos_token"] = End, ["pad_token"] = Pad });
        Write(
            folder, "generation_config.json",
            new JsonObject { ["bos_token_id"] = BeginId, ["eos_token_id"] = EndId, ["pad_token_id"] = PadId });
    }

    private static JsonObject Tokenizer(IReadOnlyList<byte[]> tokens, IReadOnlyList<(int Left, int Right)> merges)
    {
        JsonObject vocabulary = new() { [Pad] = PadId, [Begin] = BeginId, [End] = EndId };
        for (int token = 0; token < tokens.Count; token++)
        {
            vocabulary[Spell(tokens[token])] = FirstId + token;
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = new JsonArray(Special(PadId, Pad), Special(BeginId, Begin), Special(EndId, End)),
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(new JsonObject { ["type"] = "Digits", ["individual_digits"] = true }, ByteLevel()),
            },
            ["post_processor"] = new JsonObject
            {
                ["type"] = "TemplateProcessing",
                ["single"] = new JsonArray(SpecialItem(0), SequenceItem("A", 0)),
                ["pair"] = new JsonArray(SpecialItem(0), SequenceItem("A", 0), SpecialItem(1), SequenceItem("B", 1)),
                ["special_tokens"] = new JsonObject
                {
                    [Begin] = new JsonObject { ["id"] = Begin, ["ids"] = new JsonArray(BeginId), ["tokens"] = new JsonArray(Begin) },
                },
            },
            ["decoder"] = ByteLevel(),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray(
                    [.. merges.Select(merge => (JsonNode)$"{Spell(tokens[merge.Left])} {Spell(tokens[merge.Right])}")]),
            },
        };
    }

    private static JsonObject Special(int id, string content) => new JsonObject
    {
        ["id"] = id,
        ["content"] = content,
        ["single_word"] = false,
        ["lstrip"] = false,
        ["rstrip"] = false,
        ["normalized"] = false,
        ["special"] = true,
    };

    private static JsonObject ByteLevel() =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true };

    private static JsonObject SpecialItem(int type) =>
        new JsonObject { ["SpecialToken"] = new JsonObject { ["id"] = Begin, ["type_id"] = type } };

    private static JsonObject SequenceItem(string name, int type) =>
        new JsonObject { ["Sequence"] = new JsonObject { ["id"] = name, ["type_id"] = type } };

    // GPT-2's visible spelling of bytes: printable Latin-1 stands for itself, the others are numbered from U+0100.
    private static string Spell(byte[] token) => string.Concat(token.Select(value => Alphabet[value]));

    private static readonly char[] Alphabet = BuildAlphabet();

    private static char[] BuildAlphabet()
    {
        char other = '\u0100';
        return [.. Enumerable.Range(0, 256)
            .Select(value => value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255) ? (char)value : other++)];
    }

    private static void Write(string folder, string name, JsonObject content) => AtomicFile.Write(Path.Combine(folder, name), stream =>
    {
        JsonSerializer.Serialize(stream, content, Indented);
        stream.WriteByte((byte)'\n');
    });
}
