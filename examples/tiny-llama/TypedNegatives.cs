using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Examples.TinyLlama;

/// <summary>
/// Makes false triples that look right: one side of a fact is replaced by an entity that stands on that side of the relation elsewhere.
/// </summary>
internal sealed class TypedNegatives
{
    private const int Attempts = 50;

    private readonly HashSet<Triple> _facts;
    private readonly ILookup<int, int> _heads;
    private readonly ILookup<int, int> _tails;

    public TypedNegatives(IReadOnlyList<Triple> facts)
    {
        _facts = [.. facts];
        _heads = facts.Select(fact => (fact.Relation, fact.Head)).Distinct().ToLookup(pair => pair.Relation, pair => pair.Head);
        _tails = facts.Select(fact => (fact.Relation, fact.Tail)).Distinct().ToLookup(pair => pair.Relation, pair => pair.Tail);
    }

    /// <summary>A triple that is no fact, or null where none was found.</summary>
    public Triple? Corrupt(Triple fact, ref CounterRandom random)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            bool head = random.Next(2) == 0;
            int[] candidates = [.. (head ? _heads : _tails)[fact.Relation]];
            int other = candidates[random.Next(candidates.Length)];
            Triple triple = head ? fact with { Head = other } : fact with { Tail = other };
            if (!_facts.Contains(triple))
            {
                return triple;
            }
        }

        return null;
    }
}
