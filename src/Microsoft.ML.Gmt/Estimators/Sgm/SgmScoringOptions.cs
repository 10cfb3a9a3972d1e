using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;

namespace Microsoft.ML.Gmt;

/// <summary>
/// How an <see cref="SgmTransformer"/> reads and scores rows: columns, mask, batches. The same for one that is trained and one that is
/// loaded.
/// </summary>
public record SgmScoringOptions
{
    /// <summary>The columns that triples are read from.</summary>
    public TripleColumnNames Columns { get; init; } = new();

    /// <summary>The names of the columns that are added.</summary>
    public SgmOutputColumnNames Outputs { get; init; } = new();

    /// <summary>
    /// What of a triple is hidden from its own score, embeddings and evidence: the edges that state it, and these edges in the contexts of
    /// its neighbors' edges. Default (null): everything (<see cref="QueryMask.Full"/>) for a module that is trained here, and what the
    /// training run recorded for one that is loaded.
    /// </summary>
    /// <remarks>
    /// With everything masked, a row that was trained on looks exactly as if the graph had never had the fact, as every fact does that is
    /// asked about later. Without a mask a module learns that what is known is true because it is known, and judges what is not known
    /// worse; that is <see cref="QueryMask.None"/>, which the reference does unless told otherwise. The mask of training is the mask of
    /// scoring.
    /// </remarks>
    public QueryMask? Mask { get; init; }

    /// <summary>How many rows share a forward pass when data are transformed; 128.</summary>
    [OptionRange(1, 1_000_000)]
    public int TransformBatchSize { get; init; } = SgmTrainingOptions.Defaults.BatchSize;

    /// <summary>
    /// What becomes of rows with a name that the graph lacks, in transformed data and in training: missing values and a warning, or an
    /// <see cref="UnknownNameException"/> at the first one; <see cref="UnknownNameHandling.Missing"/>.
    /// </summary>
    public UnknownNameHandling UnknownNameHandling { get; init; }

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal virtual void Check()
    {
        ArgumentNullException.ThrowIfNull(Columns);
        ArgumentNullException.ThrowIfNull(Outputs);
        Columns.Check();
        Outputs.Check();
        OptionRanges.Check(this);
        UnknownNames.Check(UnknownNameHandling);
    }
}
