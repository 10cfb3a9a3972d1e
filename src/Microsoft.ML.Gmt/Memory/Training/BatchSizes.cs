namespace Microsoft.ML.Gmt.Memory;

/// <summary>How many rows an optimizer step learns from, and how many of them go through the model at once.</summary>
internal readonly record struct BatchSizes
{
    /// <summary>Checks sizes against each other.</summary>
    /// <param name="batchSize">Rows of an optimizer step, over all processes.</param>
    /// <param name="microBatchSize">Rows that one process puts through the model at once; a divisor of <paramref name="batchSize"/>.</param>
    /// <param name="worldSize">Processes that share the work; a divisor of the number of micro batches. Default 1.</param>
    /// <exception cref="ArgumentException">They do not fit together.</exception>
    public BatchSizes(int batchSize, int microBatchSize, int worldSize = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(microBatchSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(worldSize);
        int microBatches = batchSize / microBatchSize;
        string? problem =
            batchSize < microBatchSize ? $"The batch size ({batchSize}) must be at least the micro batch size ({microBatchSize})."
            : batchSize % microBatchSize != 0 ? $"The batch size ({batchSize}) must be divisible by the micro batch size ({microBatchSize})."
            : microBatches < worldSize ? $"Batch size / micro batch size ({microBatches}) must be at least the number of processes ({worldSize})."
            : microBatches % worldSize != 0 ? $"Batch size / micro batch size ({microBatches}) must be divisible by the number of processes ({worldSize})."
            : null;
        if (problem is not null)
        {
            throw new ArgumentException(problem, nameof(batchSize));
        }

        (BatchSize, MicroBatchSize, AccumulationSteps) = (batchSize, microBatchSize, microBatches / worldSize);
    }

    /// <summary>Rows of an optimizer step, over all processes.</summary>
    public int BatchSize { get; }

    /// <summary>Rows that go through the model at once.</summary>
    public int MicroBatchSize { get; }

    /// <summary>Micro batches of one process in an optimizer step.</summary>
    public int AccumulationSteps { get; }

    /// <summary>Rows of one process in an optimizer step.</summary>
    public int RowsPerStep => MicroBatchSize * AccumulationSteps;
}
