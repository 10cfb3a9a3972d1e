namespace Microsoft.ML.Gmt;

/// <summary>What a <see cref="SentenceEmbeddingTransformer"/> is told beside its model; the content of its <c>config.json</c>.</summary>
internal sealed record SentenceEmbeddingSettings
{
    private const int WidestVector = 1 << 16;

    public required string OutputColumnName { get; init; }

    public required string InputColumnName { get; init; }

    public required BaseModelReference BaseModel { get; init; }

    /// <summary>The vectors' width.</summary>
    public required int Dimension { get; init; }

    public required BaseModelStorage Storage { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>What an archive says, checked before anything is made of it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public SentenceEmbeddingSettings Checked()
    {
        ArgumentException.ThrowIfNullOrEmpty(InputColumnName);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Dimension);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Dimension, WidestVector);
        BaseModel.Check();
        BaseModelEntries.Check(Storage);
        new SentenceEmbeddingEstimator.Options { OutputColumnName = OutputColumnName, TransformBatchSize = BatchSize }.Check();
        return this;
    }
}
