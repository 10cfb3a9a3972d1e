using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>A constant matrix of weights in compressed sparse rows.</summary>
/// <param name="RowCount">Number of rows.</param>
/// <param name="ColumnCount">Number of columns.</param>
/// <param name="Offsets">Where each row begins, and at last the number of entries: [rows + 1].</param>
/// <param name="Columns">The column of each entry.</param>
/// <param name="Values">The weight of each entry.</param>
internal sealed record SparseMatrix(int RowCount, int ColumnCount, int[] Offsets, int[] Columns, float[] Values)
{
    private SparseMatrix? _transpose;

    /// <summary>Made on first use.</summary>
    public SparseMatrix Transpose => _transpose ??= MakeTranspose();

    /// <summary>
    /// This matrix with one column more, of ones, and that for each head, scaled by the head's weight in the row, and for all heads
    /// together: head h owns the columns from h · (columns + 1), their sum those behind the last head's.
    /// </summary>
    /// <remarks>Where most heads have one weight, a row takes that of all together, and of the others what differs from it.</remarks>
    /// <param name="weights">Each 0 or one and the same number: [rows · heads].</param>
    /// <param name="heads">How many heads there are.</param>
    public SparseMatrix PerHead(ReadOnlySpan<float> weights, int heads)
    {
        int[] offsets = new int[RowCount + 1];
        var columns = new List<int>(2 * (Columns.Length + RowCount));
        var values = new List<float>(columns.Capacity);
        for (int row = 0; row < RowCount; row++)
        {
            ReadOnlySpan<float> ofRow = weights.Slice(row * heads, heads);
            int dropped = ofRow.Count(0);
            bool together = dropped + 1 < heads - dropped;
            if (together)
            {
                Add(row, heads, TensorPrimitives.Max(ofRow));
            }

            for (int head = 0; head < heads; head++)
            {
                if (ofRow[head] == 0 == together)
                {
                    Add(row, head, together ? -TensorPrimitives.Max(ofRow) : ofRow[head]);
                }
            }

            offsets[row + 1] = columns.Count;
        }

        return new SparseMatrix(RowCount, (ColumnCount + 1) * (heads + 1), offsets, [.. columns], [.. values]);

        void Add(int row, int head, float weight)
        {
            int first = head * (ColumnCount + 1);
            for (int entry = Offsets[row]; entry < Offsets[row + 1]; entry++)
            {
                columns.Add(first + Columns[entry]);
                values.Add(weight * Values[entry]);
            }

            columns.Add(first + ColumnCount);
            values.Add(weight);
        }
    }

    private SparseMatrix MakeTranspose()
    {
        int[] offsets = new int[ColumnCount + 1];
        foreach (int column in Columns)
        {
            offsets[column + 1]++;
        }

        for (int column = 0; column < ColumnCount; column++)
        {
            offsets[column + 1] += offsets[column];
        }

        int[] next = offsets[..ColumnCount];
        int[] columns = new int[Columns.Length];
        float[] values = new float[Columns.Length];
        for (int row = 0; row < RowCount; row++)
        {
            for (int entry = Offsets[row]; entry < Offsets[row + 1]; entry++)
            {
                int place = next[Columns[entry]]++;
                (columns[place], values[place]) = (row, Values[entry]);
            }
        }

        return new SparseMatrix(ColumnCount, RowCount, offsets, columns, values) { _transpose = this };
    }
}
