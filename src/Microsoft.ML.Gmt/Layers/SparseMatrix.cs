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
    /// This matrix with one column more, of ones, and that as often as there are heads, each time scaled by the head's weight in the row:
    /// head h owns the columns from h · (columns + 1). Entries of weight 0 are left out.
    /// </summary>
    /// <param name="weights">[rows · heads].</param>
    /// <param name="heads">How many heads there are.</param>
    public SparseMatrix PerHead(ReadOnlySpan<float> weights, int heads)
    {
        int[] offsets = new int[RowCount + 1];
        int[] columns = new int[(Columns.Length + RowCount) * heads];
        float[] values = new float[columns.Length];
        int count = 0;
        for (int row = 0; row < RowCount; row++)
        {
            for (int head = 0; head < heads; head++)
            {
                float weight = weights[(row * heads) + head];
                if (weight == 0)
                {
                    continue;
                }

                int first = head * (ColumnCount + 1);
                for (int entry = Offsets[row]; entry < Offsets[row + 1]; entry++)
                {
                    (columns[count], values[count++]) = (first + Columns[entry], weight * Values[entry]);
                }

                (columns[count], values[count++]) = (first + ColumnCount, weight);
            }

            offsets[row + 1] = count;
        }

        return new SparseMatrix(RowCount, (ColumnCount + 1) * heads, offsets, columns[..count], values[..count]);
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
