using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>What a <see cref="GmtTransformer"/> is told beside its model; the content of its <c>config.json</c>.</summary>
internal sealed record GmtTransformerSettings
{
    public required SgmOptions GraphModule { get; init; }

    public required MemoryOptions Memory { get; init; }

    public required GmtTextOptions Text { get; init; }

    public required TripleColumnNames Columns { get; init; }

    public required GmtOutputColumnNames Outputs { get; init; }

    public required QueryMask Mask { get; init; }

    public required BaseModelReference BaseModel { get; init; }

    public required BaseModelStorage Storage { get; init; }

    /// <summary>Type of the base model's weights and computation; null for the file's own.</summary>
    public ScalarType? ComputeType { get; init; }

    public required int BatchSize { get; init; }

    public required int ExplanationEdges { get; init; }
}
