using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// The tokenizer that a GGUF file carries, where it is a byte-level byte-pair encoding whose way to split words is known: put into the form
/// of <c>tokenizer.json</c>, which says the same.
/// </summary>
internal static class GgufTokenizer
{
    private const string Model = "tokenizer.ggml.model", Pre = "tokenizer.ggml.pre", Tokens = "tokenizer.ggml.tokens";
    private const string TokenTypes = "tokenizer.ggml.token_type", Merges = "tokenizer.ggml.merges";
    private const int Control = 3, UserDefined = 4;

    /// <summary>What to do where the file's own tokenizer is not read.</summary>
    private const string Remedy = "put the model's tokenizer.json or tokenizer.model beside the GGUF file, which then counts";

    /// <exception cref="GmtFileException">The vocabulary is malformed.</exception>
    /// <exception cref="NotSupportedException">The tokenizer is of another kind.</exception>
    public static TextTokenizer Load(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        string model = file.Text(Model) ?? throw file.Fault(Model, $"missing: the file has no tokenizer; {Remedy}.");
        if (model != "gpt2")
        {
            throw Unsupported(file, Model, model, "gpt2 (byte-level byte pairs)");
        }

        IReadOnlyList<string> tokens = file.Texts(Tokens);
        IReadOnlyList<int> types = file.Setting(TokenTypes) is null ? [] : file.Integers(TokenTypes);
        if (types.Count > 0 && types.Count != tokens.Count)
        {
            throw file.Fault(TokenTypes, $"a list of {types.Count}; there are {tokens.Count} tokens.");
        }

        var document = new JsonObject
        {
            ["added_tokens"] = Added(tokens, types),
            ["normalizer"] = null,
            ["pre_tokenizer"] = Splitter(file),
            ["post_processor"] = null,
            ["decoder"] = ByteLevel(usesRegex: true),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["vocab"] = Vocabulary(file, tokens),
                ["merges"] = new JsonArray([.. file.Texts(Merges).Select(merge => (JsonNode)merge)]),
            },
        };
        TokenizerSettings settings = TokenizerSettings.From(Part(path, Settings(file, tokens)), Part(path, new JsonObject()));
        return new JsonTokenizer(Part(path, document), settings);
    }

    private static JsonObject Vocabulary(GgufFile file, IReadOnlyList<string> tokens)
    {
        var vocabulary = new JsonObject();
        for (int id = 0; id < tokens.Count; id++)
        {
            if (!vocabulary.TryAdd(tokens[id], id))
            {
                throw file.Fault(Tokens, $"a list that has '{tokens[id]}' twice, the second time as {id}.");
            }
        }

        return vocabulary;
    }

    /// <summary>Tokens that are found in a text before it is split: control tokens, which are special, and those a user defined.</summary>
    private static JsonArray Added(IReadOnlyList<string> tokens, IReadOnlyList<int> types) =>
    [
        .. Enumerable.Range(0, types.Count).Where(id => types[id] is Control or UserDefined).Select(id => new JsonObject
        {
            ["id"] = id,
            ["content"] = tokens[id],
            ["special"] = types[id] == Control,
            ["normalized"] = false,
        }),
    ];

    private static JsonObject Splitter(GgufFile file) => file.Text(Pre) switch
    {
        // As llama.cpp splits for SmolLM: each digit by itself, then GPT-2's pattern.
        "smollm" => new JsonObject
        {
            ["type"] = "Sequence",
            ["pretokenizers"] = new JsonArray(
                new JsonObject { ["type"] = "Digits", ["individual_digits"] = true },
                ByteLevel(usesRegex: true)),
        },
        "gpt-2" => ByteLevel(usesRegex: true),
        var other => throw Unsupported(file, Pre, other ?? "missing", "smollm and gpt-2"),
    };

    private static JsonObject ByteLevel(bool usesRegex) =>
        new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = usesRegex };

    private static JsonObject Settings(GgufFile file, IReadOnlyList<string> tokens)
    {
        string? Token(string key) => file.Integer($"tokenizer.ggml.{key}_token_id") is not { } id ? null
            : id < tokens.Count ? tokens[id]
            : throw file.Fault($"tokenizer.ggml.{key}_token_id", $"{id}; there are {tokens.Count} tokens.");
        return new JsonObject
        {
            ["bos_token"] = Token("bos"),
            ["eos_token"] = Token("eos"),
            ["pad_token"] = Token("padding"),
            ["unk_token"] = Token("unknown"),
            ["add_bos_token"] = file.Flag("tokenizer.ggml.add_bos_token") ?? false,
            ["add_eos_token"] = file.Flag("tokenizer.ggml.add_eos_token") ?? false,
        };
    }

    private static JsonPart Part(string path, JsonObject value) =>
        new(path, "$", JsonDocument.Parse(value.ToJsonString()).RootElement);

    private static NotSupportedException Unsupported(GgufFile file, string key, string value, string supported) => new(
        $"{file.Path}: {key} is {value}, which is not read; {supported} are. To use the model, {Remedy}.");
}
