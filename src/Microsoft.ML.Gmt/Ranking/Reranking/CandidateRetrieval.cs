using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>Retrieves the best entities for both sides of triples, with the ranks of the true ones.</summary>
/// <param name="Triples">The triples.</param>
/// <param name="Ranks">Their ranks among all entities.</param>
/// <param name="Heads">The candidates for each triple's head.</param>
/// <param name="Tails">The candidates for each triple's tail.</param>
internal sealed record CandidateRetrieval(
    Triple[] Triples, IReadOnlyList<TripleRanks> Ranks, RetrievedCandidates[] Heads, RetrievedCandidates[] Tails)
{
    /// <summary>Retrieves candidates.</summary>
    /// <param name="retriever">The model that scores all entities.</param>
    /// <param name="triples">True triples of its graph.</param>
    /// <param name="count">m, how many entities are kept of each question.</param>
    /// <param name="filter">Known triples, whose entities are no candidates; null for none.</param>
    /// <param name="mask">What of each triple is hidden in its own questions.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="NotSupportedException">There is a mask, and the model cannot mask.</exception>
    /// <exception cref="NotFiniteNumberException">A score is not finite.</exception>
    public static CandidateRetrieval Run(
        ITripleScorer retriever, Triple[] triples, int count, KnownTriples? filter, QueryMask mask, CancellationToken cancellationToken)
    {
        ScorerArguments.CheckTriples(retriever.Graph, triples, nameof(triples));
        var keeper = new CandidateKeeper(triples, count);
        var counter = new RankCounter(triples, filter, candidates: null, keeper);
        TripleRanks[] ranks = new RankingRun(retriever, triples, counter, mask, progress: null, cancellationToken).Rank();
        return new CandidateRetrieval(triples, ranks, keeper.Of(RankSide.Head), keeper.Of(RankSide.Tail));
    }
}
