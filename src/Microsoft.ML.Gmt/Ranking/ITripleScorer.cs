using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>
/// Scores triples of a graph: the higher, the likelier. All that ranking, retrieval and evaluation know of a model. Any number of threads
/// may ask one at once.
/// </summary>
/// <remarks>
/// <para><b>Batches.</b> Scores of all heads or tails are written as one matrix [queries, entities], row by row in the order of the
/// queries, entities in the order of their ids, into memory that the caller gives and uses again. A model of vectors fills it by one matrix
/// product. Callers choose batches that fit into memory; <see cref="EntityRanking"/> does, and asks for the tails of all queries, then for
/// the heads, those of a relation one after the other.</para>
/// <para><b>Masks.</b> Where the graph states a triple, a model that reads the graph's edges sees the answer in the question. Under a mask,
/// the scores of a triple's own query are computed as if the graph lacked the edges that state the triple. What the query is about must be
/// known to hide it, so the query of a known answer is the whole triple: in <see cref="ScoreTails"/>, (h, r, t) asks for the tails of (h,
/// r), and its mask hides the edges between h and t that state it from h and from t; the other candidates see all that they see otherwise.
/// In <see cref="ScoreHeads"/> the head is the answer. Without a mask the answer is not looked at, and any entity may stand in its place.
/// A model that looks no further than those edges reads <see cref="QueryMask.Edges"/> alone.</para>
/// <para><b>Ties.</b> Equal entities must get equal scores, so compute a row's scores in one way, the answer's included. A score is a
/// finite number: with one that is not, nothing is ranked.</para>
/// </remarks>
/// <example>
/// A scorer that prefers entities with many training triples, whatever is asked:
/// <code>
/// internal sealed class PopularityScorer(KnowledgeGraph graph) : ITripleScorer
/// {
///     private readonly ILookup&lt;int, Triple> _triples = graph.Triples(GraphSplit.Train).ToArray()
///         .SelectMany(triple => new[] { (triple.Head, triple), (triple.Tail, triple) }).ToLookup(end => end.Item1, end => end.triple);
///
///     public KnowledgeGraph Graph { get; } = graph;
///
///     public KnownTriples? FittedOn { get; } = new KnownTriples(graph, GraphSplit.Train);
///
///     public bool CanMask => false;
///
///     public void Score(ReadOnlyMemory&lt;Triple&gt; triples, QueryMask mask, Memory&lt;float&gt; scores)
///     {
///         for (int i = 0; i &lt; triples.Length; i++)
///         {
///             scores.Span[i] = Degree(triples.Span[i].Head) + Degree(triples.Span[i].Tail);
///         }
///     }
///
///     public void ScoreTails(ReadOnlyMemory&lt;Triple&gt; queries, QueryMask mask, Memory&lt;float&gt; scores) =>
///         Fill(queries, query => query.Head, mask, scores.Span);
///
///     public void ScoreHeads(ReadOnlyMemory&lt;Triple&gt; queries, QueryMask mask, Memory&lt;float&gt; scores) =>
///         Fill(queries, query => query.Tail, mask, scores.Span);
///
///     private void Fill(ReadOnlyMemory&lt;Triple&gt; queries, Func&lt;Triple, int&gt; given, QueryMask mask, Span&lt;float&gt; scores)
///     {
///         if (mask != QueryMask.None)
///         {
///             throw new NotSupportedException("The degree of an entity counts the edges that state a query.");
///         }
///
///         for (int i = 0; i &lt; scores.Length; i++)
///         {
///             (int query, int entity) = Math.DivRem(i, Graph.Entities.Count);
///             scores[i] = Degree(given(queries.Span[query])) + Degree(entity);
///         }
///     }
///
///     private float Degree(int entity) => _triples[entity].Count();
/// }
/// </code>
/// </example>
public interface ITripleScorer
{
    /// <summary>The graph whose triples are scored; ids are its.</summary>
    public KnowledgeGraph Graph { get; }

    /// <summary>
    /// The true triples that the model was fitted on, so that a reader of its scores can ask whether one was seen; null where they are not
    /// known. Scores of triples that were seen say less than those of others, masked or not.
    /// </summary>
    /// <remarks>
    /// Ask it by <see cref="KnownTriples.Contains"/>, a look-up that allocates nothing. Where it is null, a triple may have been seen. A
    /// model that was fitted on no triple gives an empty <see cref="KnownTriples.Of"/>.
    /// </remarks>
    public KnownTriples? FittedOn { get; }

    /// <summary>
    /// Whether a query can be masked. Embeddings, for one, have learned the edges and can't forget one: they say false, refuse every mask
    /// but <see cref="QueryMask.None"/>, and <see cref="FittedOn"/> tells what they have seen.
    /// </summary>
    public bool CanMask { get; }

    /// <summary>Scores triples, each as its own query.</summary>
    /// <param name="triples">The triples.</param>
    /// <param name="mask">What of each triple is hidden while it is scored.</param>
    /// <param name="scores">Room for one score for each triple, in their order: [triples].</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="ArgumentException">There is not as much room as there are triples.</exception>
    /// <exception cref="NotSupportedException">There is a mask, and <see cref="CanMask"/> is false.</exception>
    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores);

    /// <summary>Scores all entities as tails of (h, r).</summary>
    /// <param name="queries">A triple for each query: head and relation, and the tail that the mask is about.</param>
    /// <param name="mask">What of each triple is hidden in its own row.</param>
    /// <param name="scores">Room for the scores: [queries, entities], row by row.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="ArgumentException">The room is not queries · entities.</exception>
    /// <exception cref="NotSupportedException">There is a mask, and <see cref="CanMask"/> is false.</exception>
    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores);

    /// <summary>Scores all entities as heads of (r, t).</summary>
    /// <param name="queries">A triple for each query: relation and tail, and the head that the mask is about.</param>
    /// <param name="mask">What of each triple is hidden in its own row.</param>
    /// <param name="scores">Room for the scores: [queries, entities], row by row.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="ArgumentException">The room is not queries · entities.</exception>
    /// <exception cref="NotSupportedException">There is a mask, and <see cref="CanMask"/> is false.</exception>
    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores);

    /// <summary>
    /// Does what <see cref="ScoreHeads"/> and <see cref="ScoreTails"/> do; for models to which both together are cheaper.
    /// </summary>
    /// <param name="queries">The triples.</param>
    /// <param name="mask">What of each triple is hidden in its own rows.</param>
    /// <param name="heads">Room for the scores of heads: [queries, entities], row by row.</param>
    /// <param name="tails">Room for the scores of tails: [queries, entities], row by row.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="ArgumentException">The room of a side is not queries · entities.</exception>
    /// <exception cref="NotSupportedException">There is a mask, and <see cref="CanMask"/> is false.</exception>
    public void ScoreBothSides(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> heads, Memory<float> tails)
    {
        ScoreHeads(queries, mask, heads);
        ScoreTails(queries, mask, tails);
    }
}
