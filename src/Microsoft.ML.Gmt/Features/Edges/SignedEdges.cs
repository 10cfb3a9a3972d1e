using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// The distinct training triples of a graph as edges with a direction: (h, r, t) is the edge (2 r, t) of h and the edge (2 r + 1, h) of t.
/// Immutable.
/// </summary>
/// <remarks>
/// Twice in compressed rows by entity: sorted by signed relation and then neighbor, to ask for the neighbors by a relation; and without
/// self loops sorted by neighbor and then relation, to find what two entities have in common.
/// </remarks>
internal sealed class SignedEdges
{
    private readonly int[] _starts;       // [entities + 1]
    private readonly int[] _relations;    // [edges], ascending within an entity
    private readonly int[] _neighbors;    // [edges], ascending within an entity and relation
    private readonly int[] _items;        // [edges]
    private readonly int[] _itemStarts;   // [items + 1]
    private readonly int[] _joinStarts;   // [entities + 1]
    private readonly int[] _joinNeighbors;
    private readonly int[] _joinRelations;

    public SignedEdges(KnowledgeGraph graph)
    {
        (EntityCount, RelationCount) = (graph.Entities.Count, graph.Relations.Count);
        ReadOnlySpan<Triple> triples = graph.Triples(GraphSplit.Train);
        long[] keys = Fill(triples, EntityCount, out int[] full);
        (_starts, keys) = Compress(full, keys, EntityCount);
        (_relations, _neighbors) = Parts(keys);
        (_items, _itemStarts) = Number();
        (_joinStarts, long[] joined) = ByNeighbor();
        (_joinNeighbors, _joinRelations) = Parts(joined);
    }

    /// <summary>How many entities there are.</summary>
    public int EntityCount { get; }

    /// <summary>How many relations there are, R; signed ones are 2 R.</summary>
    public int RelationCount { get; }

    /// <summary>How many distinct triples there are.</summary>
    public int TripleCount => _relations.Length / 2;

    /// <summary>The relation the other way round.</summary>
    public static int Inverse(int signed) => signed ^ 1;

    /// <summary>The signed relations of an entity's edges, ascending.</summary>
    public ReadOnlySpan<int> RelationsOf(int entity) => _relations.AsSpan(_starts[entity].._starts[entity + 1]);

    /// <summary>The neighbors of an entity's edges, in the order of <see cref="RelationsOf"/>.</summary>
    public ReadOnlySpan<int> NeighborsOf(int entity) => _neighbors.AsSpan(_starts[entity].._starts[entity + 1]);

    /// <summary>How many distinct items entities have: signed relations with a neighbor.</summary>
    public int ItemCount => _itemStarts.Length - 1;

    /// <summary>The item of each of an entity's edges, in the order of <see cref="RelationsOf"/>.</summary>
    public ReadOnlySpan<int> ItemsOf(int entity) => _items.AsSpan(_starts[entity].._starts[entity + 1]);

    /// <summary>The entities that have an item, ascending.</summary>
    public ReadOnlySpan<int> Having(int item) => _neighbors.AsSpan(_itemStarts[item].._itemStarts[item + 1]);

    /// <summary>The neighbors by a signed relation, ascending.</summary>
    public ReadOnlySpan<int> Neighbors(int entity, int signed)
    {
        ReadOnlySpan<int> relations = RelationsOf(entity);
        int first = LowerBound(relations, signed);
        int end = first;
        if (first < relations.Length && relations[first] == signed)
        {
            end = first + LowerBound(relations[first..], signed + 1);
        }

        return _neighbors.AsSpan(_starts[entity] + first, end - first);
    }

    /// <summary>
    /// The neighbors of an entity, ascending, without itself; one that several relations lead to stands there several times.
    /// </summary>
    public ReadOnlySpan<int> JoinNeighbors(int entity) => _joinNeighbors.AsSpan(_joinStarts[entity].._joinStarts[entity + 1]);

    /// <summary>The signed relations that lead to <see cref="JoinNeighbors"/>.</summary>
    public ReadOnlySpan<int> JoinRelations(int entity) => _joinRelations.AsSpan(_joinStarts[entity].._joinStarts[entity + 1]);

    /// <summary>The signed relations from one entity to another one, ascending; none from an entity to itself.</summary>
    public ReadOnlySpan<int> Between(int from, int to)
    {
        ReadOnlySpan<int> neighbors = JoinNeighbors(from);
        int first = LowerBound(neighbors, to);
        int end = first;
        while (end < neighbors.Length && neighbors[end] == to)
        {
            end++;
        }

        return JoinRelations(from)[first..end];
    }

    /// <summary>Whether there is such an edge.</summary>
    public bool Contains(int entity, int signed, int neighbor) => Neighbors(entity, signed).BinarySearch(neighbor) >= 0;

    /// <summary>The first index whose value is not less than the one sought.</summary>
    public static int LowerBound(ReadOnlySpan<int> sorted, int value)
    {
        (int low, int high) = (0, sorted.Length);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static long[] Fill(ReadOnlySpan<Triple> triples, int entities, out int[] starts)
    {
        if (triples.Length > Array.MaxLength / 2)
        {
            throw new NotSupportedException(
                $"{triples.Length:N0} training triples are too many: features are read from at most {Array.MaxLength / 2:N0}.");
        }

        starts = new int[entities + 1];
        foreach (Triple triple in triples)
        {
            starts[triple.Head + 1]++;
            starts[triple.Tail + 1]++;
        }

        for (int entity = 0; entity < entities; entity++)
        {
            starts[entity + 1] += starts[entity];
        }

        int[] next = starts[..entities];
        long[] keys = new long[2 * triples.Length];
        foreach (Triple triple in triples)
        {
            keys[next[triple.Head]++] = Key(2 * triple.Relation, triple.Tail);
            keys[next[triple.Tail]++] = Key((2 * triple.Relation) + 1, triple.Head);
        }

        return keys;
    }

    private static (int[] Starts, long[] Keys) Compress(int[] full, long[] keys, int entities)
    {
        int[] starts = new int[entities + 1];
        int count = 0;
        for (int entity = 0; entity < entities; entity++)
        {
            Span<long> row = keys.AsSpan(full[entity]..full[entity + 1]);
            row.Sort();
            for (int i = 0; i < row.Length; i++)
            {
                if (i == 0 || row[i] != row[i - 1])
                {
                    // Distinct keys move to the front; nothing that is still to be read stands there.
                    keys[count++] = row[i];
                }
            }

            starts[entity + 1] = count;
        }

        return (starts, keys[..count]);
    }

    /// <summary>Those who have the item (s, n) are the neighbors of n by the inverse of s: an item is such a run of edges.</summary>
    private (int[] Items, int[] Starts) Number()
    {
        int[] items = new int[_relations.Length];
        List<int> starts = [];
        for (int neighbor = 0; neighbor < EntityCount; neighbor++)
        {
            for (int edge = _starts[neighbor]; edge < _starts[neighbor + 1]; edge++)
            {
                if (edge == _starts[neighbor] || _relations[edge] != _relations[edge - 1])
                {
                    starts.Add(edge);
                }

                int entity = _neighbors[edge], signed = Inverse(_relations[edge]);
                ReadOnlySpan<int> relations = RelationsOf(entity);
                int first = LowerBound(relations, signed);
                int end = first + LowerBound(relations[first..], signed + 1);
                items[_starts[entity] + first + NeighborsOf(entity)[first..end].BinarySearch(neighbor)] = starts.Count - 1;
            }
        }

        return (items, [.. starts, _relations.Length]);
    }

    private (int[] Starts, long[] Keys) ByNeighbor()
    {
        int[] starts = new int[EntityCount + 1];
        long[] keys = new long[_relations.Length];
        int count = 0;
        for (int entity = 0; entity < EntityCount; entity++)
        {
            int first = count;
            for (int edge = _starts[entity]; edge < _starts[entity + 1]; edge++)
            {
                if (_neighbors[edge] != entity)
                {
                    keys[count++] = Key(_neighbors[edge], _relations[edge]);
                }
            }

            keys.AsSpan(first, count - first).Sort();
            starts[entity + 1] = count;
        }

        return (starts, keys[..count]);
    }

    private static long Key(int high, int low) => ((long)high << 32) | (uint)low;

    private static (int[] High, int[] Low) Parts(long[] keys) =>
        (Array.ConvertAll(keys, key => (int)(key >> 32)), Array.ConvertAll(keys, key => (int)key));
}
