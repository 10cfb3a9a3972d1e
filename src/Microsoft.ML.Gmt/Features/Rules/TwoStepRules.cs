using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Features;

/// <summary>Rules (u, s₁, x), (x, s₂, v) → (u, r, v), with relations in either direction, mined from the edges.</summary>
/// <remarks>
/// Support counts paths: those of the type between the ends of triples of r. The body counts all paths of the type that do not go back on
/// the edge they came by. Self loops are neither steps nor heads of rules. What hidden triples add is taken off again: their own paths,
/// and those of other triples that lead over them.
/// </remarks>
internal sealed class TwoStepRules
{
    private readonly SignedEdges _edges;
    private readonly Dictionary<long, long> _bodies = [];
    private readonly (long[] Types, int[] Support)[] _rules;   // [relations], types ascending

    public TwoStepRules(SignedEdges edges, CancellationToken cancellationToken = default)
    {
        _edges = edges;
        CountBodies(cancellationToken);
        _rules = new (long[], int[])[edges.RelationCount];
        Triple[][] triples = ByRelation(edges);
        Parallel.For(
            0, edges.RelationCount, new ParallelOptions { CancellationToken = cancellationToken }, () => new CommonNeighbors(edges),
            (relation, _, common) =>
            {
                _rules[relation] = Mine(triples[relation], common, cancellationToken);
                return common;
            },
            _ => { });
    }

    /// <summary>Support and body of the rule from a type of paths to r without what hidden triples add.</summary>
    /// <param name="edges">The edges that are to be seen.</param>
    /// <param name="type">The type.</param>
    /// <param name="relation">The relation.</param>
    /// <param name="asked">The triple asked about.</param>
    /// <param name="paths">How many paths of the type join its ends.</param>
    public (long Support, long Body) Of(MaskedEdges edges, long type, int relation, Triple asked, int paths)
    {
        (long[] types, int[] supports) = _rules[relation];
        int at = Array.BinarySearch(types, type);
        long support = at < 0 ? 0 : supports[at];
        long body = _bodies.GetValueOrDefault(type);
        if (edges.HiddenCount == 0)
        {
            return (support, body);
        }

        (int first, int second) = CommonNeighbors.Steps(_edges, type);
        if (support > 0)
        {
            for (int i = 0; i < edges.HiddenCount; i++)
            {
                Triple hidden = edges.Hidden(i);
                MaskedEdges left = edges.HidingFirst(i);
                if (hidden.Head != hidden.Tail)
                {
                    bool isKnown = hidden == asked && edges.HiddenCount == 1;
                    support -= hidden.Relation != relation ? 0 : isKnown ? paths : Paths(left, hidden, first, second);
                    support -= Through(left, hidden, first, second, relation);
                }
            }
        }

        return (support, body - HiddenBody(edges, first, second));
    }

    private static int Paths(MaskedEdges edges, Triple triple, int first, int second) => edges.CountCommon(
        triple.Head, first, triple.Tail, SignedEdges.Inverse(second), triple.Head, triple.Tail);

    /// <summary>How many paths of triples of the relation have the hidden triple as one of their steps.</summary>
    private static int Through(MaskedEdges edges, Triple hidden, int first, int second, int relation)
    {
        (int head, int tail) = (hidden.Head, hidden.Tail);
        int count = 0;
        if (first >> 1 == hidden.Relation)
        {
            (int u, int x) = (first & 1) == 0 ? (head, tail) : (tail, head);
            count += edges.CountCommon(x, second, u, 2 * relation, head, tail);
        }

        if (second >> 1 == hidden.Relation)
        {
            (int x, int v) = (second & 1) == 0 ? (head, tail) : (tail, head);
            count += edges.CountCommon(x, SignedEdges.Inverse(first), v, (2 * relation) + 1, head, tail);
        }

        return count;
    }

    private static long HiddenBody(MaskedEdges edges, int first, int second)
    {
        long count = 0;
        MaskedEdges all = edges.HidingFirst(0);
        Span<int> ends = stackalloc int[4];
        int number = 0;
        for (int i = 0; i < edges.HiddenCount; i++)
        {
            Triple hidden = edges.Hidden(i);
            if (hidden.Relation == first >> 1 || hidden.Relation == second >> 1)
            {
                (ends[number], ends[number + 1]) = (hidden.Head, hidden.Tail);
                number += 2;
            }
        }

        for (int i = 0; i < number; i++)
        {
            if (!ends[..i].Contains(ends[i]))
            {
                count += PathsOver(all, ends[i], first, second) - PathsOver(edges, ends[i], first, second);
            }
        }

        return count;
    }

    private static long PathsOver(MaskedEdges edges, int entity, int first, int second)
    {
        long incoming = edges.CountWithoutLoop(entity, SignedEdges.Inverse(first));
        return incoming * (second == SignedEdges.Inverse(first) ? incoming - 1 : edges.CountWithoutLoop(entity, second));
    }

    private static Triple[][] ByRelation(SignedEdges edges)
    {
        List<Triple>[] triples = [.. Enumerable.Range(0, edges.RelationCount).Select(_ => new List<Triple>())];
        for (int head = 0; head < edges.EntityCount; head++)
        {
            ReadOnlySpan<int> neighbors = edges.JoinNeighbors(head), relations = edges.JoinRelations(head);
            for (int i = 0; i < neighbors.Length; i++)
            {
                if ((relations[i] & 1) == 0)
                {
                    triples[relations[i] >> 1].Add(new Triple(head, relations[i] >> 1, neighbors[i]));
                }
            }
        }

        return Array.ConvertAll(triples, list => list.ToArray());
    }

    private (long[] Types, int[] Support) Mine(Triple[] triples, CommonNeighbors common, CancellationToken cancellationToken)
    {
        var edges = new MaskedEdges(_edges);
        Dictionary<long, int> support = [];
        foreach (Triple triple in triples)
        {
            cancellationToken.ThrowIfCancellationRequested();
            common.Find(edges, triple.Head, triple.Tail);
            foreach (long type in common.PathTypes)
            {
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(support, type, out _) += common.CountOf(type);
            }
        }

        long[] types = [.. support.Keys.Order()];
        return (types, Array.ConvertAll(types, type => support[type]));
    }

    private void CountBodies(CancellationToken cancellationToken)
    {
        List<(int Signed, int Count)> counts = [];
        for (int entity = 0; entity < _edges.EntityCount; entity++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            counts.Clear();
            ReadOnlySpan<int> relations = _edges.RelationsOf(entity), neighbors = _edges.NeighborsOf(entity);
            for (int i = 0; i < relations.Length; i++)
            {
                if (counts.Count == 0 || counts[^1].Signed != relations[i])
                {
                    counts.Add((relations[i], 0));
                }

                counts[^1] = (relations[i], counts[^1].Count + (neighbors[i] == entity ? 0 : 1));
            }

            foreach ((int incoming, int ways) in counts)
            {
                foreach ((int second, int on) in counts)
                {
                    long paths = (long)ways * (second == incoming ? on - 1 : on);
                    if (paths > 0)
                    {
                        long type = CommonNeighbors.PathType(_edges, SignedEdges.Inverse(incoming), second);
                        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_bodies, type, out _) += paths;
                    }
                }
            }
        }
    }
}
