using System.Text.Json;

namespace Benchmarks;

/// <summary>
/// The tokenizers that are compared: of the models in the repository, in <c>GMT_MODELS</c> and in the goldens, those that are there.
/// </summary>
internal static class TokenizerPairs
{
    private const string MiniLm = "all-minilm-l6-v2";

    /// <summary>The same places as for the tests: <c>GMT_GOLDENS</c> alone, or the whole set and then the small one.</summary>
    private static string[] Goldens => Environment.GetEnvironmentVariable("GMT_GOLDENS") is { Length: > 0 } given ? [given]
        : [Path.Combine(Repository, "..", "shared", "goldens"), Path.Combine(Repository, "tests", "goldens")];

    private static string Repository => Path.GetFullPath(Path.Combine(Machine.Model("tiny-llama"), "..", "..", ".."));

    /// <summary>All pairs that can be made here.</summary>
    public static IEnumerable<TokenizerPair> All()
    {
        if (Machine.PretrainedModel(MiniLm) is { } miniLm)
        {
            yield return LibraryTokenizers.Bert(MiniLm, miniLm);
            yield return LibraryTokenizers.WordPieces(MiniLm, miniLm);
        }

        foreach (string name in new[] { "reference/tokenizer", "llm/tokenizers/llama-spm-bpe" })
        {
            if (Golden(name) is { } folder)
            {
                yield return LibraryTokenizers.Llama(name, folder);
            }
        }

        foreach (string name in new[] { "tiny-llama", "llm/tokenizers/smollm2", "llm/tokenizers/llama3-bpe", "llm/tokenizers/qwen-bpe" })
        {
            if ((name == "tiny-llama" ? Machine.Model(name) : Golden(name)) is { } folder)
            {
                yield return LibraryTokenizers.BytePairs(name, folder);
                yield return LibraryTokenizers.BytePairsOfWords(name, folder);
            }
        }
    }

    /// <summary>
    /// The texts and the ids to decode that are recorded for a tokenizer; those for another of its kind where there are none.
    /// </summary>
    public static (string[] Texts, int[][] Ids) Recorded(string name)
    {
        string? folder = Places(name).Select(Golden)
            .FirstOrDefault(found => found is not null && File.Exists(Path.Combine(found, "cases.jsonl")));
        JsonElement[] Read(string file) =>
            folder is null ? [] : [.. File.ReadLines(Path.Combine(folder, file)).Select(line => JsonDocument.Parse(line).RootElement)];
        return ([.. Read("cases.jsonl").Select(row => row.GetProperty("text").GetString()!)],
            [.. Read("decode.jsonl").Select(row => row.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()).ToArray())]);
    }

    private static string[] Places(string name) => name switch
    {
        MiniLm => ["llm/tokenizers/minilm-wordpiece"],
        "reference/tokenizer" => ["llm/tokenizers/llama-spm-bpe"],
        "tiny-llama" => ["llm/tokenizers/smollm2"],
        _ => [name],
    };

    private static string? Golden(string name) => Goldens.Select(root => Path.Combine(root, name)).FirstOrDefault(Directory.Exists);
}
