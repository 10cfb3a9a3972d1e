using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.Gmt.Graph;

namespace Benchmarks;

/// <summary>
/// Our tokenizers beside ML.NET's own classes: on how many texts they differ, smallest examples of that, and what the classes take of our
/// time. Both run in turn, so that a busy machine slows both; best of several rounds.
/// </summary>
internal sealed class TokenizerSpeed : IBenchmark
{
    private const int Texts = 100_000;
    private const int Seed = 1;
    private const int Rounds = 5;
    private const int Shrunk = 400;
    private const int Shown = 12;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Verb => "tokenizers";

    public string What => "our tokenizers beside those of Microsoft.ML.Tokenizers";

    public void Run()
    {
        string[] random = RandomTexts.Make(Texts, Seed);
        string[] written = WrittenTexts();
        Console.WriteLine("| tokenizer | in its place | random texts that differ | goldens that differ | time / ours: random | written |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        List<string> examples = [];
        foreach (TokenizerPair pair in TokenizerPairs.All())
        {
            string[] different = [.. random.Where(text => pair.DifferenceOn(text) is not null)];
            (string[] texts, int[][] ids) = TokenizerPairs.Recorded(pair.Name);
            string[] recorded = [.. texts.Where(text => pair.DifferenceOn(text) is not null)];
            int[][] sequences = [.. ids.Where(sequence => pair.DifferenceOn(sequence) is not null)];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {pair.Name} | {pair.Kind} | {different.Length} of {random.Length} | {recorded.Length + sequences.Length} of "
                + $"{texts.Length + ids.Length} | {Ratio(pair, random):f2} | {Ratio(pair, written):f2} |"));
            examples.AddRange(Examples(pair, [.. different, .. recorded], sequences));
        }

        Console.WriteLine("\nSmallest texts that differ:\n");
        examples.ForEach(Console.WriteLine);
    }

    private static IEnumerable<string> Examples(TokenizerPair pair, string[] texts, int[][] sequences)
    {
        // From all over: the goldens come last.
        string[] some = [.. texts.Where((_, index) => index % Math.Max(1, texts.Length / Shrunk) == 0), .. texts.TakeLast(Shrunk / 4)];
        IEnumerable<string> smallest = some.Select(pair.Shrink).GroupBy(text => text)
            .OrderByDescending(group => group.Count()).Take(Shown).Select(group => group.Key);
        foreach (string text in smallest)
        {
            yield return Line(JsonSerializer.Serialize(text), pair.DifferenceOn(text));
        }

        if (sequences.MinBy(ids => ids.Length) is { } shortest)
        {
            yield return Line($"[{string.Join(", ", shortest)}]", pair.DifferenceOn(shortest));
        }

        string Line(string what, string? difference) =>
            $"- {pair.Name}, {pair.Kind}: {what}: {JsonSerializer.Serialize(difference, Readable)}";
    }

    private static double Ratio(TokenizerPair pair, string[] texts)
    {
        Best ours = new(), theirs = new();
        for (int round = 0; round < Rounds; round++)
        {
            ours.Time(() => Array.ForEach(texts, text => pair.Ours.Encode(text, addSpecialTokens: false)));
            theirs.Time(() => Array.ForEach(texts, text => Encode(pair, text)));
        }

        return theirs.ProcessorSeconds / ours.ProcessorSeconds;
    }

    private static void Encode(TokenizerPair pair, string text)
    {
        try
        {
            pair.Encode(text);
        }
        catch (ArgumentException)
        {
            // Some texts are refused, which is counted as a difference.
        }
    }

    /// <summary>The training facts of CoDEx-S.</summary>
    private static string[] WrittenTexts()
    {
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(Machine.DataSet("codex-s"));
        return [.. graph.Triples(GraphSplit.Train).ToArray().Select(graph.TripleText)];
    }
}
