using System.Runtime.CompilerServices;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// The edges of a graph's training triples, in compressed sparse rows: the edges of entity e are those with index
/// <c>Offsets[e]</c> … <c>Offsets[e + 1] − 1</c>.
/// </summary>
/// <remarks>
/// A triple (h, r, t) adds the edge (r, t) to h and then (r, h) to t, or (r + R, h) with inverse relations. So a triple that stands twice
/// gives its edges twice, and a self loop gives its entity two. The edges of an entity keep the order of the triples.
/// </remarks>
internal sealed class Adjacency
{
    private readonly long[] _offsets;
    private readonly int[] _relations;
    private readonly int[] _neighbors;

    private Adjacency(long[] offsets, int[] relations, int[] neighbors)
    {
        _offsets = offsets;
        _relations = relations;
        _neighbors = neighbors;
    }

    /// <summary>Where each entity's edges begin, and at last the number of edges: [entities + 1].</summary>
    public ReadOnlySpan<long> Offsets => _offsets;

    /// <summary>The relation of each edge, seen from the entity that has the edge: [edges].</summary>
    public ReadOnlySpan<int> Relations => _relations;

    /// <summary>The entity that each edge leads to: [edges].</summary>
    public ReadOnlySpan<int> Neighbors => _neighbors;

    /// <summary>How many entities there are, with edges or without.</summary>
    public int EntityCount => _offsets.Length - 1;

    /// <summary>How many edges there are: twice the number of training triples.</summary>
    public int EdgeCount => _relations.Length;

    /// <summary>How many edges an entity has.</summary>
    /// <param name="entity">Id of the entity.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entity.</exception>
    public int Degree(int entity)
    {
        CheckEntity(entity);
        return (int)(_offsets[entity + 1] - _offsets[entity]);
    }

    /// <summary>The indices of an entity's edges.</summary>
    /// <param name="entity">Id of the entity.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such entity.</exception>
    public Range EdgesOf(int entity)
    {
        CheckEntity(entity);
        return (int)_offsets[entity]..(int)_offsets[entity + 1];
    }

    internal static Adjacency Build(ReadOnlySpan<Triple> triples, int entityCount, int relationCount, bool addInverse)
    {
        if (triples.Length > Array.MaxLength / 2)
        {
            throw new NotSupportedException(
                $"{triples.Length:N0} training triples are too many: a graph holds at most {Array.MaxLength / 2:N0}.");
        }

        long[] offsets = CountEdges(triples, entityCount);
        long[] next = offsets[..entityCount];
        int[] relations = new int[2 * triples.Length];
        int[] neighbors = new int[2 * triples.Length];
        int backward = addInverse ? relationCount : 0;
        foreach (Triple triple in triples)
        {
            long edge = next[triple.Head]++;
            relations[edge] = triple.Relation;
            neighbors[edge] = triple.Tail;
            edge = next[triple.Tail]++;
            relations[edge] = triple.Relation + backward;
            neighbors[edge] = triple.Head;
        }

        return new Adjacency(offsets, relations, neighbors);
    }

    private static long[] CountEdges(ReadOnlySpan<Triple> triples, int entityCount)
    {
        long[] offsets = new long[entityCount + 1];
        foreach (Triple triple in triples)
        {
            offsets[triple.Head + 1]++;
            offsets[triple.Tail + 1]++;
        }

        for (int entity = 0; entity < entityCount; entity++)
        {
            offsets[entity + 1] += offsets[entity];
        }

        return offsets;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckEntity(int entity)
    {
        if ((uint)entity >= (uint)EntityCount)
        {
            ThrowNoSuchEntity(entity);
        }
    }

    private void ThrowNoSuchEntity(int entity) =>
        throw new ArgumentOutOfRangeException(
            nameof(entity), entity, $"There is no entity {entity}: the graph has {EntityCount} entities, with ids from 0.");
}
