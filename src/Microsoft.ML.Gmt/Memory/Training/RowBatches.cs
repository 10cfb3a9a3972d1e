using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>The rows of a training run in the order of its epochs, as optimizer steps made of micro batches.</summary>
/// <remarks>
/// <para>An epoch takes every row once: its last step, and that step's last micro batch, may be smaller than the others. Where incomplete
/// steps are carried, as the reference does, micro batches that fill no step begin the next epoch's first one, and the last ones of all are
/// left out. An epoch's order depends on seed and epoch alone.</para>
/// <para>Grouping by length follows transformers' <c>LengthGroupedSampler</c>: rows are shuffled, sorted by length (longest first) within
/// stretches of 50 steps, or of a quarter of the rows where those are fewer, and the longest row of all begins, so that memory that does
/// not suffice is seen at once.</para>
/// </remarks>
internal sealed class RowBatches
{
    private const int StepsInStretch = 50;
    private const int LeastStretches = 4;

    private readonly TokenizedRow[] _rows;
    private readonly BatchSizes _sizes;
    private readonly RandomStreams _streams;
    private readonly bool _groupByLength;
    private readonly bool _carry;

    /// <summary>Creates the batches of a training run.</summary>
    /// <param name="rows">The rows; those without a token to predict are left out and counted.</param>
    /// <param name="sizes">How many rows a step has, and a micro batch.</param>
    /// <param name="streams">The random streams of the run.</param>
    /// <param name="groupByLength">Whether rows of similar length go together, which saves padding; false.</param>
    /// <param name="carryIncompleteSteps">Whether micro batches that fill no step wait for the next epoch; false.</param>
    /// <exception cref="ArgumentException">There is no row that has a token to predict, or the sizes were not set.</exception>
    public RowBatches(
        IReadOnlyList<TokenizedRow> rows, BatchSizes sizes, RandomStreams streams, bool groupByLength = false,
        bool carryIncompleteSteps = false)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(streams);
        if (sizes == default)
        {
            throw new ArgumentException("The batch sizes are not set.", nameof(sizes));
        }

        _rows = [.. rows.Where(row => row.LabelCount > 0)];
        (_sizes, _streams, _groupByLength, _carry) = (sizes, streams, groupByLength, carryIncompleteSteps);
        if (_rows.Length == 0)
        {
            throw new ArgumentException(
                rows.Count == 0 ? "There are no rows to train on."
                : $"None of the {rows.Count} rows has a token to predict: their answers are empty or cut off. Raise the cut-off length.",
                nameof(rows));
        }
    }

    /// <summary>Rows of an epoch; those without a token to predict are left out.</summary>
    public int RowCount => _rows.Length;

    /// <summary>Micro batches that hold every row once.</summary>
    public long MicroBatchesPerEpoch => (_rows.Length + _sizes.MicroBatchSize - 1L) / _sizes.MicroBatchSize;

    /// <summary>Optimizer steps of an epoch.</summary>
    public long StepsPerEpoch => _carry
        ? Math.Max(1, MicroBatchesPerEpoch / _sizes.AccumulationSteps)
        : (_rows.Length + _sizes.RowsPerStep - 1L) / _sizes.RowsPerStep;

    /// <summary>The optimizer steps of an epoch, each a list of micro batches.</summary>
    /// <param name="epoch">The epoch, from 0; it decides the order.</param>
    /// <param name="firstStep">The step to begin with, from 0, where a training run is resumed.</param>
    public IEnumerable<IReadOnlyList<IReadOnlyList<TokenizedRow>>> Epoch(int epoch, long firstStep = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(firstStep);
        return _carry
            ? Carried(epoch, firstStep)
            : Rows(epoch).Chunk(_sizes.RowsPerStep).Skip((int)Math.Min(firstStep, int.MaxValue))
                .Select(step => step.Chunk(_sizes.MicroBatchSize).ToArray());
    }

    /// <summary>Takes rows out of a data set to validate on.</summary>
    /// <param name="rows">The data set.</param>
    /// <param name="count">How many rows to hold out.</param>
    /// <param name="streams">The random streams of the run: the seed decides which rows.</param>
    /// <returns>The two parts, each in the order of the data set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or leaves nothing to train on.</exception>
    public static (IReadOnlyList<T> Training, IReadOnlyList<T> Validation) HoldOut<T>(
        IReadOnlyList<T> rows, int count, RandomStreams streams)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(streams);
        CheckHeldOut(rows.Count, count);
        int[] order = [.. Enumerable.Range(0, rows.Count)];
        CounterRandom random = streams.Stream("memory-validation-rows");
        random.Shuffle(order.AsSpan());
        var held = order.Take(count).ToHashSet();
        return ([.. rows.Where((_, row) => !held.Contains(row))], [.. rows.Where((_, row) => held.Contains(row))]);
    }

    /// <summary>Refuses a number of rows to hold out that is negative or leaves nothing to train on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is refused.</exception>
    internal static void CheckHeldOut(int rows, int count)
    {
        if (count < 0 || (count > 0 && count >= rows))
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"Between 0 and {Math.Max(0, rows - 1)} of the {rows} rows can be held out for validation.");
        }
    }

    /// <summary>
    /// Steps of the same number of micro batches out of those of all epochs in a row; of fewer where an epoch has no more.
    /// </summary>
    private IEnumerable<IReadOnlyList<IReadOnlyList<TokenizedRow>>> Carried(int epoch, long firstStep)
    {
        long size = Math.Min(_sizes.AccumulationSteps, MicroBatchesPerEpoch);
        long begin = ((epoch * StepsPerEpoch) + firstStep) * size, end = (epoch + 1) * StepsPerEpoch * size;
        long first = begin / MicroBatchesPerEpoch, last = (end - 1) / MicroBatchesPerEpoch;
        return Enumerable.Range((int)first, (int)Math.Max(last - first + 1, 0)).SelectMany(pass => Rows(pass).Chunk(_sizes.MicroBatchSize))
            .Skip((int)(begin - (first * MicroBatchesPerEpoch))).Take((int)Math.Max(end - begin, 0)).Chunk((int)size);
    }

    /// <summary>An epoch's rows in its order.</summary>
    private IEnumerable<TokenizedRow> Rows(int epoch) =>
        (_groupByLength ? OrderByLength(epoch) : Shuffled("memory-row-order", epoch)).Select(row => _rows[row]);

    private int[] OrderByLength(int epoch)
    {
        long steps = Math.Clamp(_rows.Length / ((long)_sizes.RowsPerStep * LeastStretches), 1, StepsInStretch);
        int rows = (int)Math.Min(steps * _sizes.RowsPerStep, _rows.Length);
        int[][] stretches = [.. Shuffled("memory-length-groups", epoch).Chunk(rows)
            .Select(stretch => stretch.OrderByDescending(row => _rows[row].Ids.Count).ToArray())];
        int[] longest = stretches.MaxBy(stretch => _rows[stretch[0]].Ids.Count)!;
        (stretches[0][0], longest[0]) = (longest[0], stretches[0][0]);
        return [.. stretches.SelectMany(stretch => stretch)];
    }

    private int[] Shuffled(string purpose, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, _rows.Length)];
        CounterRandom random = _streams.Stream(purpose, epoch);
        random.Shuffle(order.AsSpan());
        return order;
    }
}
