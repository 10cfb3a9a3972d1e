using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Tests.Text;

/// <summary>A tokenizer of each kind, the library's own ones and wrapped ones.</summary>
internal static class TokenizerKinds
{
    private static readonly Dictionary<string, Lazy<TextTokenizer>> Kinds = new()
    {
        ["byte pairs"] = new(() => TokenizerFolder.Load(GmtPipelines.BaseModel)),
        ["byte pairs, normalized"] = new(() => TokenizerFolder.Load(Goldens.Root("llm/tokenizers/qwen-bpe"))),
        ["byte pairs, whole words first"] = new(() => TokenizerFolder.Load(Goldens.Root("llm/tokenizers/llama3-bpe"))),
        ["byte pairs after a space"] = new(LoadWithPrefixSpace),
        ["pieces in json"] = new(() => LoadJson(Goldens.Root("llm/tokenizers/llama-spm-bpe"))),
        ["sentencepiece"] = new(() => TokenizerFolder.Load(Goldens.Root("reference/tokenizer"))),
        ["word pieces"] = new(LoadWordPieces),
        ["wrapped sentencepiece"] = new(() => WrapLlama()),
        ["wrapped byte pairs"] = new(() => WrapBytePairs()),
    };

    /// <summary>Texts to try all kinds with.</summary>
    public static string[] Texts { get; } =
    [
        .. ProbeTexts.All, "The theory, then: that is the other thing.", "x <s> y </s>z", "<|im_start|>  a",
        "é\u0301\u0323 ﬁx 𝐀𝐁 Ωmega ½½", "日本語テキスト😀😀", "a\uD83D", "\uDE00b", " \u2581 ", "q\u0307\u0323 Å ﬀ",
    ];

    public static IEnumerable<object[]> Names => Kinds.Keys.Select(name => new object[] { name });

    public static TextTokenizer Get(string name) => Kinds[name].Value;

    /// <summary>ML.NET's own reading of the reference's tokenizer.</summary>
    public static TextTokenizer WrapLlama()
    {
        using FileStream pieces = File.OpenRead(Path.Combine(Goldens.Root("reference/tokenizer"), "tokenizer.model"));
        LlamaTokenizer tokenizer = LlamaTokenizer.Create(pieces);
        return TextTokenizer.From(
            tokenizer, tokenizer.Vocabulary.Count, tokenizer.BeginningOfSentenceId, tokenizer.EndOfSentenceId, padId: tokenizer.UnknownId);
    }

    /// <summary>ML.NET's byte-pair tokenizer with a token for each printable ASCII character, and some merges.</summary>
    /// <param name="merges">Two tokens each, with a space between.</param>
    public static TextTokenizer WrapBytePairs(params string[] merges)
    {
        string[] all = merges.Length > 0 ? merges : ["t h", "th e"];
        string[] tokens =
        [
            "<pad>", "<s>", "</s>", "<unk>", .. Enumerable.Range('!', '~' - '!' + 1).Select(character => $"{(char)character}"),
            .. all.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)),
        ];
        var options = new BpeOptions(tokens.Index().Select(token => KeyValuePair.Create(token.Item, token.Index)))
        {
            Merges = all,
            UnknownToken = "<unk>",
        };
        return TextTokenizer.From(BpeTokenizer.Create(options), tokens.Length, beginOfSequenceId: 1, endOfSequenceId: 2, padId: 0);
    }

    private static JsonTokenizer LoadJson(string folder) =>
        JsonTokenizer.Load(Path.Combine(folder, "tokenizer.json"), TokenizerSettings.Read(folder));

    private static TextTokenizer LoadWordPieces()
    {
        using var folder = new TemporaryFolder();
        return TokenizerFolder.Load(TinySentenceModel.Write(folder.Path));
    }

    private static TextTokenizer LoadWithPrefixSpace()
    {
        using var folder = new TemporaryFolder();
        string json = File.ReadAllText(Path.Combine(GmtPipelines.BaseModel, "tokenizer.json"));
        string changed = json.Replace("\"add_prefix_space\": false", "\"add_prefix_space\": true", StringComparison.Ordinal)
            .Replace("\"add_prefix_space\":false", "\"add_prefix_space\":true", StringComparison.Ordinal);
        Assert.AreNotEqual(json, changed);
        return TokenizerFolder.Load(folder.With("tokenizer.json", changed).Path);
    }
}
