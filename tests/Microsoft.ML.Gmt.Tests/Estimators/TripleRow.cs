using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>A row that names a triple.</summary>
internal sealed class TripleRow
{
    public string Head { get; set; } = "";

    public string Relation { get; set; } = "";

    public string Tail { get; set; } = "";

    public bool Label { get; set; } = true;

    /// <summary>A triple of <see cref="Pipelines.Graph"/>.</summary>
    public static TripleRow Of(Triple triple, bool label = true) => new()
    {
        Head = Pipelines.Graph.Entities[triple.Head],
        Relation = Pipelines.Graph.Relations[triple.Relation],
        Tail = Pipelines.Graph.Entities[triple.Tail],
        Label = label,
    };
}

/// <summary>A row as stage 1 gives it back.</summary>
internal sealed class ScoredRow
{
    public float Score { get; set; }

    public float Probability { get; set; }

    public bool PredictedLabel { get; set; }

    public bool Known { get; set; }

    public float[] HeadEmbedding { get; set; } = [];

    public float[] TailEmbedding { get; set; } = [];

    [GraphEvidenceType]
    public GraphEvidence Evidence { get; set; } = null!;
}
