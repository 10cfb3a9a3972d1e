using Microsoft.ML.Gmt.Graph;

namespace Examples.TinyLlama;

/// <summary>
/// Recognizes sentences that would give away what the model is judged on later: those that hold the names of both entities of a
/// validation or test fact, whatever they say about them.
/// </summary>
internal sealed class HeldOutNames
{
    private readonly HashSet<(string First, string Second)> _pairs = [];
    private readonly ILookup<char, string> _names;

    public HeldOutNames(KnowledgeGraph graph)
    {
        foreach (GraphSplit split in new[] { GraphSplit.Validation, GraphSplit.Test })
        {
            foreach (Triple fact in graph.Triples(split))
            {
                _pairs.Add(Ordered(graph.EntityText(fact.Head), graph.EntityText(fact.Tail)));
            }
        }

        _names = _pairs.SelectMany(pair => new[] { pair.First, pair.Second }).Distinct(StringComparer.Ordinal)
            .Where(name => name.Length > 0).ToLookup(name => name[0]);
    }

    /// <summary>Whether the sentence holds both names of such a fact, as whole words.</summary>
    public bool AreIn(string sentence)
    {
        List<string> found = [];
        for (int start = 0; start < sentence.Length; start++)
        {
            if (start > 0 && char.IsLetterOrDigit(sentence[start - 1]) && char.IsLetterOrDigit(sentence[start]))
            {
                continue;
            }

            foreach (string name in _names[sentence[start]])
            {
                if (sentence.AsSpan(start).StartsWith(name, StringComparison.Ordinal) && EndsWord(sentence, start + name.Length))
                {
                    found.Add(name);
                }
            }
        }

        return found.Any(first => found.Any(second => _pairs.Contains((first, second))));
    }

    private static bool EndsWord(string sentence, int end) =>
        end == sentence.Length || !(char.IsLetterOrDigit(sentence[end - 1]) && char.IsLetterOrDigit(sentence[end]));

    private static (string First, string Second) Ordered(string a, string b) => string.CompareOrdinal(a, b) <= 0 ? (a, b) : (b, a);
}
