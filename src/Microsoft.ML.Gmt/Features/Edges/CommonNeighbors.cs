
namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// What two entities have in common: the neighbors of both, and the paths of two steps between them counted by their types. Used again from
/// triple to triple.
/// </summary>
/// <remarks>
/// A path from u over x to v has the type (s₁, s₂), the signed relations from u to x and from x to v; as a number s₁ · 2 R + s₂.
/// Self loops are no steps, so x is neither u nor v.
/// </remarks>
internal sealed class CommonNeighbors(SignedEdges edges)
{
    private const long MostDense = 1 << 22;

    private readonly int[]? _dense = Square(edges) <= MostDense ? new int[Square(edges)] : null;
    private readonly Dictionary<long, int> _sparse = [];
    private readonly List<long> _types = [];
    private readonly List<int> _entities = [];

    /// <summary>The common neighbors, ascending.</summary>
    public IReadOnlyList<int> Entities => _entities;

    /// <summary>The types of paths that there are, in the order in which they were found.</summary>
    public IReadOnlyList<long> PathTypes => _types;

    /// <summary>The number of a type of paths.</summary>
    public static long PathType(SignedEdges edges, int first, int second) => ((long)first * 2 * edges.RelationCount) + second;

    /// <summary>The two signed relations of a type.</summary>
    public static (int First, int Second) Steps(SignedEdges edges, long type) =>
        ((int)(type / (2 * edges.RelationCount)), (int)(type % (2 * edges.RelationCount)));

    /// <summary>How many paths of a type there are.</summary>
    public int CountOf(long type) => _dense is null ? _sparse.GetValueOrDefault(type) : _dense[type];

    /// <summary>Finds what two entities have in common; nothing for an entity and itself.</summary>
    public void Find(MaskedEdges masked, int from, int to)
    {
        Clear();
        if (from == to)
        {
            return;
        }

        bool isMasked = masked.HiddenCount > 0;
        ReadOnlySpan<int> left = edges.JoinNeighbors(from), right = edges.JoinNeighbors(to);
        ReadOnlySpan<int> leftRelations = edges.JoinRelations(from), rightRelations = edges.JoinRelations(to);
        (int i, int j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            int difference = left[i] - right[j];
            if (difference < 0)
            {
                i = Next(left, i, right[j]);
                continue;
            }

            if (difference > 0)
            {
                j = Next(right, j, left[i]);
                continue;
            }

            (int over, int endLeft, int endRight) = (left[i], i, j);
            while (endLeft < left.Length && left[endLeft] == over)
            {
                endLeft++;
            }

            while (endRight < right.Length && right[endRight] == over)
            {
                endRight++;
            }

            bool isFound = false;
            for (int a = i; a < endLeft; a++)
            {
                if (isMasked && masked.Hides(from, leftRelations[a], over))
                {
                    continue;
                }

                for (int b = j; b < endRight; b++)
                {
                    if (!isMasked || !masked.Hides(to, rightRelations[b], over))
                    {
                        Add(PathType(edges, leftRelations[a], SignedEdges.Inverse(rightRelations[b])));
                        isFound = true;
                    }
                }
            }

            if (isFound)
            {
                _entities.Add(over);
            }

            (i, j) = (endLeft, endRight);
        }
    }

    private static long Square(SignedEdges edges) => 4L * edges.RelationCount * edges.RelationCount;

    /// <summary>The first index after one whose value is not less than the one sought, by steps that double.</summary>
    private static int Next(ReadOnlySpan<int> sorted, int at, int value)
    {
        int step = 1;
        while (at + step < sorted.Length && sorted[at + step] < value)
        {
            at += step;
            step *= 2;
        }

        return at + 1 + SignedEdges.LowerBound(sorted[(at + 1)..Math.Min(at + step, sorted.Length)], value);
    }

    private void Add(long type)
    {
        if (_dense is not null)
        {
            if (_dense[type]++ == 0)
            {
                _types.Add(type);
            }

            return;
        }

        ref int count = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_sparse, type, out bool isThere);
        count++;
        if (!isThere)
        {
            _types.Add(type);
        }
    }

    private void Clear()
    {
        if (_dense is not null)
        {
            foreach (long type in _types)
            {
                _dense[type] = 0;
            }
        }

        _sparse.Clear();
        _types.Clear();
        _entities.Clear();
    }
}
