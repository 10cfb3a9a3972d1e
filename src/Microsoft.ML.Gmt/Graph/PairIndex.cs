namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Finds the values that go with an entity and a relation: compressed rows by entity, each sorted by relation and then by value, without
/// duplicates.
/// </summary>
internal sealed class PairIndex
{
    private readonly int[] _offsets;
    private readonly int[] _relations;
    private readonly int[] _values;

    private PairIndex(int[] offsets, int[] relations, int[] values) => (_offsets, _relations, _values) = (offsets, relations, values);

    /// <summary>How many distinct (entity, relation, value) there are.</summary>
    public int Count => _values.Length;

    /// <summary>Indexes tails by head and relation, or heads by tail and relation.</summary>
    public static PairIndex Build(IReadOnlyList<ReadOnlyMemory<Triple>> parts, int entityCount, bool byTail)
    {
        long[] starts = Starts(parts, entityCount, byTail);
        long[] keys = new long[starts[^1]];
        long[] next = starts[..entityCount];
        foreach (ReadOnlyMemory<Triple> part in parts)
        {
            foreach (Triple triple in part.Span)
            {
                (int entity, int value) = byTail ? (triple.Tail, triple.Head) : (triple.Head, triple.Tail);
                keys[next[entity]++] = ((long)triple.Relation << 32) | (uint)value;
            }
        }

        return Compress(starts, keys, entityCount);
    }

    /// <summary>The values, in ascending order.</summary>
    public ReadOnlyMemory<int> Find(int entity, int relation)
    {
        int start = _offsets[entity];
        ReadOnlySpan<int> row = _relations.AsSpan(start, _offsets[entity + 1] - start);
        int first = LowerBound(row, relation);
        int end = first + LowerBound(row[first..], relation + 1);
        return _values.AsMemory(start + first, end - first);
    }

    /// <summary>Whether both have the same (entity, relation, value).</summary>
    public bool SetEquals(PairIndex other) =>
        _offsets.AsSpan().SequenceEqual(other._offsets) && _relations.AsSpan().SequenceEqual(other._relations)
        && _values.AsSpan().SequenceEqual(other._values);

    private static long[] Starts(IReadOnlyList<ReadOnlyMemory<Triple>> parts, int entityCount, bool byTail)
    {
        long[] starts = new long[entityCount + 1];
        foreach (ReadOnlyMemory<Triple> part in parts)
        {
            foreach (Triple triple in part.Span)
            {
                starts[(byTail ? triple.Tail : triple.Head) + 1]++;
            }
        }

        for (int entity = 0; entity < entityCount; entity++)
        {
            starts[entity + 1] += starts[entity];
        }

        return starts;
    }

    private static PairIndex Compress(long[] starts, long[] keys, int entityCount)
    {
        int[] offsets = new int[entityCount + 1];
        int count = 0;
        for (int entity = 0; entity < entityCount; entity++)
        {
            Span<long> row = keys.AsSpan((int)starts[entity], (int)(starts[entity + 1] - starts[entity]));
            row.Sort();
            for (int i = 0; i < row.Length; i++)
            {
                if (i == 0 || row[i] != row[i - 1])
                {
                    // Distinct keys move to the front; nothing that is still to be read stands there.
                    keys[count++] = row[i];
                }
            }

            offsets[entity + 1] = count;
        }

        int[] relations = new int[count];
        int[] values = new int[count];
        for (int i = 0; i < count; i++)
        {
            (relations[i], values[i]) = ((int)(keys[i] >> 32), (int)keys[i]);
        }

        return new PairIndex(offsets, relations, values);
    }

    private static int LowerBound(ReadOnlySpan<int> sorted, int value)
    {
        (int low, int high) = (0, sorted.Length);
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = sorted[middle] < value ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
