namespace Microsoft.ML.Gmt;

/// <summary>What a <see cref="SentenceEmbeddingTransformer"/> is told beside its model; the content of its <c>config.json</c>.</summary>
internal sealed record SentenceEmbeddingSettings
{
    public required string OutputColumnName { get; init; }

    public required string InputColumnName { get; init; }

    public required BaseModelReference BaseModel { get; init; }

    /// <summary>The vectors' width.</summary>
    public required int Dimension { get; init; }

    public required BaseModelStorage Storage { get; init; }

    public required int BatchSize { get; init; }
}
