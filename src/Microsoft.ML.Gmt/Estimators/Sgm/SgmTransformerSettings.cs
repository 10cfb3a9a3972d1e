using System.Text.Json.Serialization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;

namespace Microsoft.ML.Gmt;

/// <summary>What a <see cref="SgmTransformer"/> is told beside its model; the content of its <c>config.json</c>.</summary>
internal sealed record SgmTransformerSettings
{
    public required SgmOptions GraphModule { get; init; }

    public required TripleColumnNames Columns { get; init; }

    public required SgmOutputColumnNames Outputs { get; init; }

    public required bool MaskQuery { get; init; }

    public required bool MaskQueryInContexts { get; init; }

    /// <summary>What becomes of rows with unknown names; missing values where the archive does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public UnknownNameHandling UnknownNameHandling { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>
    /// Whether the module was trained on the graph's training triples and no others; false where it was not, or where nobody knows.
    /// </summary>
    public bool FittedOnTrainingTriples { get; init; }

    /// <summary>What of a triple is hidden from its own evidence.</summary>
    [JsonIgnore]
    public QueryMask Mask => new(Edges: MaskQuery, Contexts: MaskQuery && MaskQueryInContexts);

    /// <summary>The settings of a model that was made in one way or another.</summary>
    /// <param name="options">Columns and sizes.</param>
    /// <param name="graphModule">The shape of the module.</param>
    /// <param name="mask">What of a triple is hidden from its own evidence.</param>
    public static SgmTransformerSettings Of(SgmScoringOptions options, SgmOptions graphModule, QueryMask mask) => new()
    {
        GraphModule = graphModule,
        Columns = options.Columns,
        Outputs = options.Outputs,
        MaskQuery = mask.Edges,
        MaskQueryInContexts = mask.Contexts,
        UnknownNameHandling = options.UnknownNameHandling,
        BatchSize = options.TransformBatchSize,
    };

    /// <summary>What an archive says, checked before anything is made of it.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public SgmTransformerSettings Checked()
    {
        SgmOutputColumnNames names = Outputs;
        string known = OutputNames.Known(
            names.Known, names.Evidence, names.Score, names.Probability, names.PredictedLabel, names.HeadEmbedding, names.TailEmbedding);
        GraphModule.Check();
        var options = new SgmScoringOptions
        {
            Columns = Columns,
            Outputs = names with { Known = known },
            TransformBatchSize = BatchSize,
            UnknownNameHandling = UnknownNameHandling,
        };
        options.Check();
        return this with { Outputs = options.Outputs };
    }
}
