using System.Collections.Concurrent;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// What is left of the entities that may stand at a place when those that make a known triple are taken away: listed once for each place
/// and kept, so that a draw there costs nothing that grows with the number of known triples. Any number of threads may use it.
/// </summary>
/// <remarks>
/// A list is asked for only where nearly all candidates are known, so most of the triples of its relation are at that one entity:
/// there are few such places, and all lists together are not longer than the graph has triples. Short ones are not kept.
/// </remarks>
internal sealed class RemainingCandidates
{
    private const int ShortestKept = 64;

    private readonly ConcurrentDictionary<(int Entity, int Relation, bool AtHead, bool Typed), Lazy<int[]>> _lists = new();

    /// <summary>The candidates that are not known, in ascending order.</summary>
    /// <param name="entity">The entity that stays.</param>
    /// <param name="relation">The relation.</param>
    /// <param name="atHead">Whether the head is replaced.</param>
    /// <param name="typed">Whether the candidates are those of the relation.</param>
    /// <param name="candidates">All candidates, in ascending order; always the same at this place.</param>
    /// <param name="known">The known ones, in ascending order; always the same at this place.</param>
    public int[] At(int entity, int relation, bool atHead, bool typed, ReadOnlyMemory<int> candidates, ReadOnlyMemory<int> known) =>
        candidates.Length < ShortestKept
            ? Without(candidates.Span, known.Span)
            : _lists.GetOrAdd(
                (entity, relation, atHead, typed),
                static (_, places) => new Lazy<int[]>(() => Without(places.candidates.Span, places.known.Span)),
                (candidates, known)).Value;

    /// <summary>One pass over both.</summary>
    private static int[] Without(ReadOnlySpan<int> candidates, ReadOnlySpan<int> known)
    {
        List<int> rest = [];
        int at = 0;
        foreach (int candidate in candidates)
        {
            while (at < known.Length && known[at] < candidate)
            {
                at++;
            }

            if (at == known.Length || known[at] != candidate)
            {
                rest.Add(candidate);
            }
        }

        return [.. rest];
    }
}
