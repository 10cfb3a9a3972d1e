using Microsoft.ML.Gmt.Graph;

namespace Examples.PathModel;

/// <summary>Triples that subgraphs are drawn from, found by either of their ends.</summary>
internal sealed class SourceGraph
{
    private readonly int[] _offsets;
    private readonly int[] _touching;

    /// <param name="name">What it is called.</param>
    /// <param name="entities">How many entities there are.</param>
    /// <param name="relations">How many relations there are.</param>
    /// <param name="triples">The triples; at least one.</param>
    public SourceGraph(string name, int entities, int relations, IEnumerable<Triple> triples)
    {
        (Name, EntityCount, RelationCount, Triples) = (name, entities, relations, [.. triples]);
        if (Triples.Length == 0)
        {
            throw new ArgumentException($"'{name}' has no triples to draw subgraphs from.", nameof(triples));
        }

        _offsets = new int[entities + 1];
        foreach (Triple triple in Triples)
        {
            _offsets[triple.Head + 1]++;
            _offsets[triple.Tail + 1]++;
        }

        for (int entity = 0; entity < entities; entity++)
        {
            _offsets[entity + 1] += _offsets[entity];
        }

        int[] next = _offsets[..entities];
        _touching = new int[2 * Triples.Length];
        for (int i = 0; i < Triples.Length; i++)
        {
            _touching[next[Triples[i].Head]++] = i;
            _touching[next[Triples[i].Tail]++] = i;
        }
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>How many entities there are.</summary>
    public int EntityCount { get; }

    /// <summary>How many relations there are.</summary>
    public int RelationCount { get; }

    /// <summary>All triples.</summary>
    public Triple[] Triples { get; }

    /// <summary>The places in <see cref="Triples"/> of those that an entity is an end of; twice where it is both.</summary>
    public ReadOnlySpan<int> Touching(int entity) => _touching.AsSpan(_offsets[entity].._offsets[entity + 1]);
}
