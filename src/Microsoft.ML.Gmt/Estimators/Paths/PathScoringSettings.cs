using System.Text.Json.Serialization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt;

/// <summary>What a <see cref="PathScoringTransformer"/> is told beside its model; the content of its <c>config.json</c>.</summary>
internal sealed record PathScoringSettings
{
    /// <summary>The name of the file that the weights, or those that training started from, were read from; empty for none.</summary>
    public required string ModelFile { get; init; }

    /// <summary>The SHA-256 of that file.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Whether the weights were trained on the graph.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsTrained { get; init; }

    /// <summary>The shape of weights that were trained from nothing; null for ULTRA's architecture.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TrainedShape? Shape { get; init; }

    /// <summary>
    /// Whether the weights were trained on the graph's training triples and no others; false where they were not, or where nobody knows.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FittedOnTrainingTriples { get; init; }

    public required TripleColumnNames Columns { get; init; }

    public required PathOutputColumnNames Outputs { get; init; }

    public required bool MaskQuery { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public UnknownNameHandling UnknownNameHandling { get; init; }

    public required int BatchSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaximumExpandedEntities { get; init; }

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
        MaximumExpandedEntities = options.MaximumExpandedEntities,
    };

    /// <summary>Where the weights come from.</summary>
    public PathModelOrigin Origin()
    {
        PathModelOrigin? file = IsTrained && ModelFile.Length == 0 ? null : PathModelOrigin.Of(ModelFile, ModelSha256);
        return IsTrained ? PathModelOrigin.TrainedFrom(file) : file!;
    }

    /// <summary>What an archive says, checked before anything is made of it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public PathScoringSettings Checked()
    {
        Origin().Check();
        Shape?.Check();
        new PathScoringEstimator.Options
        {
            Columns = Columns,
            Outputs = Outputs,
            TransformBatchSize = BatchSize,
            UnknownNameHandling = UnknownNameHandling,
            MaximumExpandedEntities = MaximumExpandedEntities,
        }.Check();
        return this;
    }
}
