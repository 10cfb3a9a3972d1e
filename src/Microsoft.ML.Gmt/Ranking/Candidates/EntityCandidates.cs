using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>
/// Which entities an answer is ranked among, where that is not all of them. The answer itself is always a candidate, known triples of the
/// filter never are.
/// </summary>
/// <remarks>
/// Ranks among few are better than ranks among all, and the fewer, the better: compare figures only of equal candidates, and say which.
/// Drawn candidates flatter most, for hard rivals are seldom drawn (arXiv 2106.06935). Figures adjusted for chance depend on the number of
/// candidates least.
/// </remarks>
/// <example>
/// <code>
/// using SgmTransformer model = ml.Transforms.SgmPretrain(graph).Fit(graph.ToDataView());
/// Triple[] test = [.. graph.Triples(GraphSplit.Test)];
/// EntityCandidates typed = EntityCandidates.Typed(graph);   // no city is a candidate for an occupation
/// IReadOnlyList&lt;TripleRanks> ranks = EntityRanking.Rank(model.Scorer, test, new KnownTriples(graph), QueryMask.Full, typed);
/// Console.WriteLine(EntityRanking.Metrics(ranks));
/// </code>
/// </example>
public abstract class EntityCandidates
{
    internal EntityCandidates()
    {
    }

    /// <summary>Whether all triples that ask a question have the same candidates.</summary>
    internal abstract bool AreOfQuestion { get; }

    /// <summary>The same candidates for every question, whatever its side and relation.</summary>
    /// <param name="entities">Ids of entities; one that stands twice counts once.</param>
    public static EntityCandidates Of(IEnumerable<int> entities) => Of(entities, entities);

    /// <summary>One set of candidates for heads, another for tails.</summary>
    /// <param name="heads">Ids of entities that may be heads.</param>
    /// <param name="tails">Ids of entities that may be tails.</param>
    public static EntityCandidates Of(IEnumerable<int> heads, IEnumerable<int> tails) => new FixedCandidates(Sorted(heads), Sorted(tails));

    /// <summary>
    /// The entities that stand at the sought side of the question's relation in a training triple: OpenKE's type constraint. Of a relation
    /// without training triples nothing but the answer is a candidate.
    /// </summary>
    /// <param name="graph">The graph.</param>
    public static EntityCandidates Typed(KnowledgeGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new RelationCandidates(graph);
    }

    /// <summary>
    /// Entities drawn for each triple and side, uniformly and without replacement from those that make no known triple, as PyKEEN's sampled
    /// evaluation does. Where there are not as many, all of them.
    /// </summary>
    /// <param name="count">How many, beside the answer; at least 1.</param>
    /// <param name="seed">
    /// Decides the draws. Those of a triple depend on it and the triple alone, so they are the same on any number of threads and
    /// whatever is ranked beside it.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static EntityCandidates Sampled(int count, int seed = RandomStreams.DefaultSeed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new SampledCandidates(count, new RandomStreams(seed));
    }

    /// <summary>
    /// Given candidates for each triple, as the OGB's link prediction data sets bring them (<c>head_neg</c>, <c>tail_neg</c>).
    /// </summary>
    /// <param name="heads">For each triple that is ranked, in their order, ids of entities that may be its head.</param>
    /// <param name="tails">The same of tails.</param>
    /// <exception cref="ArgumentException">They are not of equally many triples.</exception>
    public static EntityCandidates ForEach(IEnumerable<IEnumerable<int>> heads, IEnumerable<IEnumerable<int>> tails)
    {
        ArgumentNullException.ThrowIfNull(heads);
        ArgumentNullException.ThrowIfNull(tails);
        int[][] ofHeads = [.. heads.Select(Sorted)], ofTails = [.. tails.Select(Sorted)];
        return ofHeads.Length == ofTails.Length ? new TripleCandidates(ofHeads, ofTails) : throw new ArgumentException(
            $"There are candidates for the heads of {ofHeads.Length:N0} triples and for the tails of {ofTails.Length:N0}.", nameof(tails));
    }

    /// <summary>Refuses candidates that are not of the graph, and those of other triples.</summary>
    /// <param name="bounds">The graph's.</param>
    /// <param name="triples">How many triples are ranked.</param>
    /// <param name="parameter">What the caller calls them.</param>
    /// <exception cref="ArgumentException">Candidates are given for another number of triples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A candidate is not of the graph.</exception>
    internal abstract void Check(GraphBounds bounds, int triples, string parameter);

    /// <summary>The candidates beside the answer that make no known triple.</summary>
    /// <param name="question">What is asked, and by which triple; where triples share candidates, by any of them.</param>
    /// <param name="known">Entities that make a known triple, ascending.</param>
    /// <param name="found">
    /// Receives them, in any order, each once; the answer may be among them where it makes no known triple.
    /// </param>
    internal abstract void Find(RankedQuestion question, ReadOnlySpan<int> known, List<int> found);

    private static int[] Sorted(IEnumerable<int> entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        return [.. entities.Distinct().Order()];
    }
}
