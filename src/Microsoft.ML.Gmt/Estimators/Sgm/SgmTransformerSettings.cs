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

    public required int BatchSize { get; init; }

    /// <summary>Whether the module was trained on the graph's training triples and no others; false where it was not, or where nobody knows.</summary>
    public bool FittedOnTrainingTriples { get; init; }

    /// <summary>What of a triple is hidden from its own evidence.</summary>
    [JsonIgnore]
    public QueryMask Mask => new(Edges: MaskQuery, Contexts: MaskQuery && MaskQueryInContexts);
}
