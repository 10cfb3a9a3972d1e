using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// What <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> say beside a vocabulary. Both files are optional.
/// </summary>
internal sealed record TokenizerSettings
{
    private const string Fast = "Fast";

    // The classes of transformers 4 that put both tokens around a text as these settings say, whatever tokenizer.json says.
    private static readonly string[] ClassesWithTheirOwnTemplate = ["LlamaTokenizer", "CodeLlamaTokenizer"];

    public string? BeginOfSequence { get; private init; }

    public string? EndOfSequence { get; private init; }

    public string? Pad { get; private init; }

    public string? Unknown { get; private init; }

    /// <summary>Whether a begin-of-sequence token is put before a text; null where the file does not say.</summary>
    public bool? AddBeginOfSequence { get; private init; }

    /// <summary>Whether an end-of-sequence token is put after a text; null where the file does not say.</summary>
    public bool? AddEndOfSequence { get; private init; }

    private string ConfigFile { get; init; } = "";

    /// <summary>
    /// Whether begin and end of sequence are put around a text as these settings say in place of <c>tokenizer.json</c>'s post-processor:
    /// where the class is LLaMA's, as transformers 4 does, and where a file without a class says so.
    /// </summary>
    public bool ReplacesTemplate { get; private init; }

    public IReadOnlyList<AddedToken> AddedTokens { get; private init; } = [];

    public IReadOnlyList<string> AdditionalSpecialTokens { get; private init; } = [];

    /// <summary>Reads both files.</summary>
    /// <exception cref="GmtFileException">One is malformed.</exception>
    public static TokenizerSettings Read(string folder) =>
        From(ReadOptional(folder, "tokenizer_config.json"), ReadOptional(folder, "special_tokens_map.json"));

    /// <summary>The settings of files that are read already.</summary>
    /// <param name="config">What <c>tokenizer_config.json</c> holds; missing where there is no such file.</param>
    /// <param name="map">What <c>special_tokens_map.json</c> holds; missing likewise.</param>
    public static TokenizerSettings From(JsonPart config, JsonPart map)
    {
        const string AdditionalTokens = "additional_special_tokens";
        JsonPart additional = config[AdditionalTokens].IsNull ? map[AdditionalTokens] : config[AdditionalTokens];
        string? tokenizerClass = config["tokenizer_class"].TextOrNull();
        bool? begins = config["add_bos_token"].FlagOrNull();
        bool? ends = config["add_eos_token"].FlagOrNull();
        return new TokenizerSettings
        {
            ConfigFile = config.File,
            BeginOfSequence = Content(config["bos_token"]) ?? Content(map["bos_token"]),
            EndOfSequence = Content(config["eos_token"]) ?? Content(map["eos_token"]),
            Pad = Content(config["pad_token"]) ?? Content(map["pad_token"]),
            Unknown = Content(config["unk_token"]) ?? Content(map["unk_token"]),
            AddBeginOfSequence = begins,
            AddEndOfSequence = ends,
            ReplacesTemplate = tokenizerClass is null ? begins is not null || ends is not null
                : ClassesWithTheirOwnTemplate.Contains(
                    tokenizerClass.EndsWith(Fast, StringComparison.Ordinal) ? tokenizerClass[..^Fast.Length] : tokenizerClass),
            AddedTokens = [.. config["added_tokens_decoder"].Properties().Select(entry => ReadAddedToken(ParseId(entry), entry.Value))],
            AdditionalSpecialTokens = [.. additional.Items().Select(item => Content(item.Required())!)],
        };
    }

    /// <summary>What is said of a setting that does not go with the vocabulary.</summary>
    public GmtFileException Fault(string setting, string problem) => new(ConfigFile, $"$.{setting}", problem);

    /// <summary>Reads an added token as both <c>tokenizer_config.json</c> and <c>tokenizer.json</c> spell it.</summary>
    public static AddedToken ReadAddedToken(int id, JsonPart token)
    {
        bool special = token["special"].Flag(false);
        return new AddedToken(
            id,
            token["content"].Text(),
            special,
            token["single_word"].Flag(false),
            token["lstrip"].Flag(false),
            token["rstrip"].Flag(false),
            token["normalized"].Flag(!special));
    }

    // A special token is a string, or an object with its content.
    private static string? Content(JsonPart token) => token.IsObject ? token["content"].Text() : token.TextOrNull();

    private static int ParseId(KeyValuePair<string, JsonPart> entry) =>
        int.TryParse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id <= TokenIds.Largest
            ? id
            : throw entry.Value.Fault($"the name is not a token id, which is a number from 0 to {TokenIds.Largest}.");

    private static JsonPart ReadOptional(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? JsonPart.Read(path) : new JsonPart(path, "$", default);
    }
}
