using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Tokenizers;

namespace Benchmarks;

/// <summary>
/// ML.NET's tokenizers in the place of ours. A shell does for them what is not theirs: it replaces unpaired surrogates, and takes special
/// tokens out of texts, which it splits there, and out of what is to be decoded.
/// </summary>
internal static partial class LibraryTokenizers
{
    /// <summary><see cref="BertTokenizer"/>; the shell writes line ends and tabs, which it would join words at, as spaces.</summary>
    /// <param name="name">The name.</param>
    /// <param name="folder">A folder with <c>vocab.txt</c> and <c>tokenizer.json</c>, uncased.</param>
    public static TokenizerPair Bert(string name, string folder)
    {
        BertTokenizer tokenizer = BertTokenizer.Create(
            Path.Combine(folder, "vocab.txt"), new BertOptions { RemoveNonSpacingMarks = true, SplitOnSpecialTokens = false });
        Shell shell = new(folder);
        return shell.Around(
            name, "BertTokenizer", part => tokenizer.EncodeToIds(LineEnds().Replace(part, " "), addSpecialTokens: false), tokenizer.Decode);
    }

    /// <summary><see cref="WordPieceTokenizer"/> behind our normalizer and our splitting into words.</summary>
    public static TokenizerPair WordPieces(string name, string folder)
    {
        Shell shell = new(folder);
        WordPieceTokenizer tokenizer = WordPieceTokenizer.Create(
            Path.Combine(folder, "vocab.txt"),
            new WordPieceOptions { Normalizer = shell.Ours.Normalizer, PreTokenizer = shell.Ours.PreTokenizer });
        return shell.Around(name, "WordPieceTokenizer behind our splitting", part => tokenizer.EncodeToIds(part), tokenizer.Decode);
    }

    /// <summary><see cref="LlamaTokenizer"/> of a <c>tokenizer.model</c>.</summary>
    public static TokenizerPair Llama(string name, string folder)
    {
        using FileStream pieces = File.OpenRead(Path.Combine(folder, "tokenizer.model"));
        LlamaTokenizer tokenizer = LlamaTokenizer.Create(pieces, addBeginOfSentence: false);
        return new Shell(folder).Around(name, "LlamaTokenizer", part => tokenizer.EncodeToIds(part), tokenizer.Decode);
    }

    /// <summary><see cref="BpeTokenizer"/> of a <c>tokenizer.json</c>, split by its pattern; the shell normalizes the text.</summary>
    public static TokenizerPair BytePairs(string name, string folder)
    {
        JsonElement json = Json(folder);
        return BytePairs(name, "BpeTokenizer", folder, json, PreTokenizerOf(json.GetProperty("pre_tokenizer")), Merging(json));
    }

    /// <summary><see cref="BpeTokenizer"/> behind our splitting into words.</summary>
    public static TokenizerPair BytePairsOfWords(string name, string folder)
    {
        JsonElement json = Json(folder);
        PreTokenizer splitter = TokenizerFolder.Load(folder).PreTokenizer!;
        return BytePairs(name, "BpeTokenizer behind our splitting", folder, json, splitter, Merging(json));
    }

    private static TokenizerPair BytePairs(
        string name, string kind, string folder, JsonElement json, PreTokenizer splitter, string[] merges)
    {
        JsonElement model = json.GetProperty("model");
        Dictionary<string, int> vocabulary = model.GetProperty("vocab").EnumerateObject()
            .ToDictionary(token => token.Name, token => token.Value.GetInt32());
        foreach (JsonElement token in json.GetProperty("added_tokens").EnumerateArray())
        {
            vocabulary[token.GetProperty("content").GetString()!] = token.GetProperty("id").GetInt32();
        }

        var options = new BpeOptions(vocabulary)
        {
            Merges = merges,
            ByteLevel = true,
            PreTokenizer = splitter,
        };
        BpeTokenizer tokenizer = BpeTokenizer.Create(options);
        Normalizer? normalizer = TextNormalizer.Read(JsonPart.Read(Path.Combine(folder, "tokenizer.json"))["normalizer"]);
        return new Shell(folder).Around(name, kind, part => tokenizer.EncodeToIds(normalizer?.Normalize(part) ?? part), tokenizer.Decode);
    }

    private static JsonElement Json(string folder) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "tokenizer.json"))).RootElement;

    private static string[] Merging(JsonElement json) =>
    [
        .. json.GetProperty("model").GetProperty("merges").EnumerateArray()
            .Select(merge => merge.ValueKind == JsonValueKind.String ? merge.GetString()!
                : string.Join(' ', merge.EnumerateArray().Select(part => part.GetString()))),
    ];

    /// <summary>The nearest that ML.NET has: GPT-2's words, single digits before them, or the pattern of the file.</summary>
    private static PreTokenizer PreTokenizerOf(JsonElement part) => part.GetProperty("type").GetString() switch
    {
        "ByteLevel" => RobertaPreTokenizer.Instance,
        "Digits" => new RegexPreTokenizer(Digits(), null),
        "Split" => new RegexPreTokenizer(
            new Regex(part.GetProperty("pattern").GetProperty("Regex").GetString()!, RegexOptions.Compiled), null),
        "Sequence" when Steps(part) is [var only] => PreTokenizerOf(only),
        "Sequence" => new CompositePreTokenizer([.. Steps(part).Select(PreTokenizerOf)]),
        var type => throw new NotSupportedException(type),
    };

    private static JsonElement[] Steps(JsonElement part) => [.. part.GetProperty("pretokenizers").EnumerateArray()
        .Where(step => step.GetProperty("type").GetString() != "ByteLevel" || step.GetProperty("use_regex").GetBoolean())];

    [GeneratedRegex(@"\p{N}")]
    private static partial Regex Digits();

    [GeneratedRegex("[\t\n\r]")]
    private static partial Regex LineEnds();

    /// <summary>Cleans texts, finds written special tokens as our tokenizer does, and leaves special tokens out of decoded text.</summary>
    private sealed class Shell
    {
        private static readonly string[] Pieces = ["<unk>", "<s>", "</s>"];

        private readonly AddedTokens _added;
        private readonly HashSet<int> _special;

        public Shell(string folder)
        {
            Ours = TokenizerFolder.Load(folder);
            string file = Path.Combine(folder, "tokenizer.json");
            IEnumerable<AddedToken> added = Ours is not JsonTokenizer
                ? Pieces.Select((token, id) => new AddedToken(id, token, Special: true))
                : JsonPart.Read(file)["added_tokens"].Items().Select(item => TokenizerSettings.ReadAddedToken(item["id"].TokenId(), item));
            _added = new AddedTokens(added);
            _special = [.. added.Where(token => token.Special).Select(token => token.Id)];
        }

        public TextTokenizer Ours { get; }

        public TokenizerPair Around(
            string name, string kind, Func<string, IReadOnlyList<int>> encode, Func<IEnumerable<int>, string> decode) =>
            new(name, kind, Ours, text => Encode(text, encode), ids => decode(ids.Where(id => !_special.Contains(id))));

        private List<int> Encode(string text, Func<string, IReadOnlyList<int>> encode)
        {
            string clean = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0 ? text
                : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            List<int> ids = [];
            foreach (TextPart part in _added.Split(clean))
            {
                if (part.Token is { } token)
                {
                    ids.Add(token.Id);
                }
                else
                {
                    ids.AddRange(encode(clean[part.Range]));
                }
            }

            return ids;
        }
    }
}
