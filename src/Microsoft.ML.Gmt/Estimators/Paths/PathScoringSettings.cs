using System.Text.Json.Serialization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt;

/// <summary>What a <see cref="PathScoringTransformer"/> is told beside its model; the content of its <c>config.json</c>.</summary>
internal sealed record PathScoringSettings
{
    /// <summary>The name of the file that the weights were read from.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The SHA-256 of that file.</summary>
    public required string ModelSha256 { get; init; }

    public required TripleColumnNames Columns { get; init; }

    public required PathOutputColumnNames Outputs { get; init; }

    public required bool MaskQuery { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public UnknownNameHandling UnknownNameHandling { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>What of a row's triple is hidden from its own score.</summary>
    [JsonIgnore]
    public QueryMask Mask => MaskQuery ? QueryMask.Full : QueryMask.None;

    public static PathScoringSettings Of(PathScoringEstimator.Options options, PathModelOrigin origin) => new()
    {
        ModelFile = origin.FileName,
        ModelSha256 = origin.Sha256,
        Columns = options.Columns,
        Outputs = options.Outputs,
        MaskQuery = options.Mask.Edges,
        UnknownNameHandling = options.UnknownNameHandling,
        BatchSize = options.TransformBatchSize,
    };

    /// <summary>What an archive says, checked before anything is made of it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public PathScoringSettings Checked()
    {
        PathModelOrigin.Of(ModelFile, ModelSha256).Check();
        new PathScoringEstimator.Options
        {
            Columns = Columns,
            Outputs = Outputs,
            TransformBatchSize = BatchSize,
            UnknownNameHandling = UnknownNameHandling,
        }.Check();
        return this;
    }
}
