namespace Microsoft.ML.Gmt.Runtime;

/// <summary>The rows of some work, such as an optimizer step, that are one process's: a stretch of them, in their order.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="Count">How many; 0 where there are fewer rows than there are processes.</param>
internal readonly record struct RowShare(int First, int Count)
{
    /// <summary>The row after the last.</summary>
    public int End => First + Count;

    /// <summary>The stretch of one of several ranks: all are equally long, up to one row, and follow each other.</summary>
    /// <param name="rank">The rank, from 0.</param>
    /// <param name="size">How many ranks there are.</param>
    /// <param name="rows">All rows.</param>
    public static RowShare Of(int rank, int size, int rows)
    {
        int first = (int)((long)rows * rank / size);
        return new RowShare(first, (int)((long)rows * (rank + 1) / size) - first);
    }

    /// <summary>
    /// A rank's own stretch in whole batches, for the last bits of a row's numbers depend on the rows beside it.
    /// </summary>
    /// <param name="ranks">The ranks.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="batchSize">Rows that are computed together.</param>
    public static RowShare OfBatches(ICollective ranks, int rows, int batchSize)
    {
        RowShare batches = Of(ranks.Rank, ranks.Size, (int)(((long)rows + batchSize - 1) / batchSize));
        int first = (int)Math.Min((long)batches.First * batchSize, rows);
        return new RowShare(first, (int)Math.Min((long)batches.End * batchSize, rows) - first);
    }

    /// <summary>The least number of rows that is whole batches of two kinds.</summary>
    public static int CommonBatch(int one, int other)
    {
        (int divisor, int rest) = (one, other);
        while (rest > 0)
        {
            (divisor, rest) = (rest, divisor % rest);
        }

        return checked(one / divisor * other);
    }
}
