using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>The different questions of one side that some triples ask, each with the places of all triples that ask it.</summary>
internal sealed class DistinctQueries
{
    private readonly Triple[] _triples;
    private readonly int[] _places;
    private readonly int[] _starts;

    private DistinctQueries(Triple[] triples, int[] places, int[] starts) => (_triples, _places, _starts) = (triples, places, starts);

    /// <summary>How many questions there are.</summary>
    public int Count => _starts.Length - 1;

    /// <summary>How many triples ask them.</summary>
    public int Asked => _places.Length;

    /// <summary>
    /// Triples with the same head and relation ask for the tail alike; those with the same relation and tail for the head. The questions
    /// of a relation come together, for models that can share work between them.
    /// </summary>
    /// <param name="graph">The graph of the triples.</param>
    /// <param name="triples">All triples.</param>
    /// <param name="places">Which of them ask.</param>
    /// <param name="side">What is sought.</param>
    public static DistinctQueries Shared(KnowledgeGraph graph, Triple[] triples, int[] places, RankSide side)
    {
        long entities = graph.Entities.Count;
        int[] sorted = [.. places];
        long[] keys = Array.ConvertAll(
            sorted, place => (triples[place].Relation * entities) + (side == RankSide.Tail ? triples[place].Head : triples[place].Tail));
        Array.Sort(keys, sorted);
        List<int> starts = [];
        for (int i = 0; i < keys.Length; i++)
        {
            if (i == 0 || keys[i] != keys[i - 1])
            {
                starts.Add(i);
            }
        }

        return new DistinctQueries(triples, sorted, [.. starts, keys.Length]);
    }

    /// <summary>Each triple asks for itself, as where it is hidden from its own question.</summary>
    /// <param name="triples">All triples.</param>
    /// <param name="places">Which of them ask.</param>
    public static DistinctQueries Single(Triple[] triples, int[] places) =>
        new(triples, places, [.. Enumerable.Range(0, places.Length + 1)]);

    /// <summary>One of the triples that ask a question.</summary>
    public Triple Example(int query) => _triples[_places[_starts[query]]];

    /// <summary>The places of the triples that ask some questions, one question after the other.</summary>
    public ReadOnlySpan<int> PlacesOf(int first, int count = 1) => _places.AsSpan(_starts[first].._starts[first + count]);
}
