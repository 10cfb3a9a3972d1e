using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Rows that name things of a graph, which may lack one of the names: such a row is there, with nothing known of it.</summary>
/// <typeparam name="TRow">What is read of a row, a type with null.</typeparam>
/// <param name="lifetime">That of what rows are computed with.</param>
/// <param name="reader">Reads the input's present row; null where the graph lacks a name.</param>
/// <param name="count">Counts names that are unknown or were found another way; it reports when the batch is disposed.</param>
/// <param name="capacity">The most rows.</param>
internal abstract class NamedRowBatch<TRow>(NativeLifetime lifetime, Func<TRow> reader, NameCount count, int capacity) : RowBatch(lifetime)
{
    private readonly TRow[] _rows = new TRow[capacity];

    /// <summary>The most rows.</summary>
    protected int Capacity => _rows.Length;

    /// <summary>What was read, null for rows with unknown names.</summary>
    protected ReadOnlySpan<TRow> Rows => _rows.AsSpan(0, Count);

    /// <summary>What was read of one row, null where a name is unknown.</summary>
    /// <param name="slot">Where in the batch the row stands.</param>
    protected TRow RowAt(int slot) => _rows[slot];

    /// <inheritdoc/>
    public override void Dispose()
    {
        count.Report();
        base.Dispose();
    }

    /// <summary>The getter of the column that says whether all names are known.</summary>
    protected Delegate KnownGetter(Func<int> slot) => (ValueGetter<bool>)((ref bool value) => value = _rows[slot()] is not null);

    /// <inheritdoc/>
    protected override void Read(int slot) => _rows[slot] = reader();

    /// <summary>Computes for the rows that are known; the others get a value of nothing known.</summary>
    /// <param name="compute">Gives a value for each of the known rows, in their order; not asked where none is known.</param>
    /// <param name="nothing">The value of the others.</param>
    protected TValue[] OfKnown<TValue>(Func<TRow[], IReadOnlyList<TValue>> compute, TValue nothing)
    {
        int[] places = [.. Enumerable.Range(0, Count).Where(row => _rows[row] is not null)];
        TValue[] values = new TValue[Count];
        Array.Fill(values, nothing);
        if (places.Length > 0)
        {
            using NativeLifetime.Use use = Begin();
            IReadOnlyList<TValue> computed = compute(Array.ConvertAll(places, row => _rows[row]));
            for (int i = 0; i < places.Length; i++)
            {
                values[places[i]] = computed[i];
            }
        }

        return values;
    }
}
