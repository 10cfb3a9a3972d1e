using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>
/// A model that scores the triples of a graph: adds columns to rows that name triples, and ranks the entities that complete one.
/// </summary>
/// <remarks>On threads and disposal see <see cref="BatchedTransformer"/>.</remarks>
public abstract class TripleScoringTransformer : BatchedTransformer, ITripleScoringTransformer
{
    private readonly ITripleScorer _scorer;
    private readonly TripleColumnNames _columns;
    private readonly UnknownNameHandling _unknownNameHandling;

    private protected TripleScoringTransformer(
        IHostEnvironment environment, string name, int batchSize, ITripleScorer scorer, TripleColumnNames columns, QueryMask mask,
        UnknownNameHandling unknownNameHandling)
        : base(environment, name, batchSize) =>
        (_scorer, _columns, Mask, _unknownNameHandling) = (scorer, columns, mask, unknownNameHandling);

    /// <summary>The graph whose triples are scored.</summary>
    public KnowledgeGraph Graph => _scorer.Graph;

    /// <summary>
    /// The model's scores of triples, and of all heads or tails of a query, for ranking and retrieval. It lives as long as the transformer.
    /// What is masked is said with each question; <see cref="Mask"/> is what the transformer's own columns do.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public ITripleScorer Scorer
    {
        get
        {
            ThrowIfDisposed();
            return new GuardedScorer(_scorer, Lifetime);
        }
    }

    /// <summary>
    /// What of a row's triple is hidden from its own score; nothing where the model can't mask (<see cref="ITripleScorer.CanMask"/>).
    /// </summary>
    public QueryMask Mask { get; }

    /// <summary>
    /// Link prediction: ranks all entities as tails and as heads of the true rows, and gives a row of <see cref="EntityRankRow"/> for each
    /// of both. Evaluate them with <c>ml.Ranking.EvaluateLinkPrediction</c>.
    /// </summary>
    /// <remarks>
    /// Ranks are computed in this call. Entities that make another true row, or a known triple of the filter, are no candidates (Bordes et
    /// al. 2013). Where <see cref="Mask"/> says so, a row that is an edge of the graph is ranked as if the graph lacked it. Rows with names
    /// that the graph lacks give no rank; a warning says so.
    /// </remarks>
    /// <param name="data">Triples; those labeled false are left out.</param>
    /// <param name="filter">The splits of the graph whose triples are known; null for all. The true rows themselves always are.</param>
    /// <param name="candidates">Which entities an answer is ranked among; null for all.</param>
    /// <param name="cancellationToken">Ends the ranking.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The data lack a column, or it has a wrong type, or a candidate is not of the graph.
    /// </exception>
    /// <exception cref="ArgumentException">The candidates are of another graph, or of another number of triples.</exception>
    /// <exception cref="UnknownNameException">A row has a name that the graph lacks, and the options make that an error.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public IDataView RankEntities(
        IDataView data, IReadOnlyCollection<GraphSplit>? filter = null, EntityCandidates? candidates = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        using NativeLifetime.Use use = Lifetime.Begin();
        Triple[] triples = LabeledTriples.ReadTrue(
            data, _columns, Graph, new UnknownNames(Host, _unknownNameHandling, "they give no rank"));
        return RankedTriples.Rank(Host, _scorer, triples, Mask, filter, candidates, cancellationToken);
    }

    /// <summary>Names that rows of a view have and the graph lacks.</summary>
    /// <param name="consequence">What becomes of such rows, in words.</param>
    private protected UnknownNames NewUnknownNames(string consequence) => new(Host, _unknownNameHandling, consequence);
}
