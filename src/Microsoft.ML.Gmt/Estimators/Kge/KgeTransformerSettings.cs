using System.Text.Json.Serialization;
using Microsoft.ML.Gmt.Kge;

namespace Microsoft.ML.Gmt;

/// <summary>What a <see cref="KgeTransformer"/> is told beside its vectors; the content of its <c>config.json</c>.</summary>
internal sealed record KgeTransformerSettings
{
    public required KgeShape Shape { get; init; }

    public required TripleColumnNames Columns { get; init; }

    public required KgeOutputColumnNames Outputs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public UnknownNameHandling UnknownNameHandling { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>
    /// Whether the vectors were trained on the graph's training triples and no others; false where they were not, or where nobody knows.
    /// </summary>
    public bool FittedOnTrainingTriples { get; init; }

    public static KgeTransformerSettings Of(KgeEstimator.Options options, KgeShape shape) => new()
    {
        Shape = shape,
        Columns = options.Columns,
        Outputs = options.Outputs,
        UnknownNameHandling = options.UnknownNameHandling,
        BatchSize = options.TransformBatchSize,
    };

    /// <summary>What an archive says, checked before anything is made of it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public KgeTransformerSettings Checked()
    {
        ArgumentNullException.ThrowIfNull(Shape);
        Shape.Check();
        new KgeEstimator.Options
        {
            Columns = Columns,
            Outputs = Outputs,
            TransformBatchSize = BatchSize,
            UnknownNameHandling = UnknownNameHandling,
        }.Check();
        return this;
    }
}
