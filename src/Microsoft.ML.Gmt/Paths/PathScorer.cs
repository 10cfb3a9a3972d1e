using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>Scores triples of a graph by a path model.</summary>
/// <remarks>
/// <para>A triple has two logits: its tail's among the tails of (h, r, ?), and its head's among the heads of (?, r, t). Its score is their
/// mean.</para>
/// <para>A mask hides the edges that state the very triple, all copies, in both directions; (t, r, h) is another fact and stays, and so
/// does the graph of relations, as in ULTRA. Queries run one on a thread; a score depends neither on the number of threads nor on the other
/// queries of a call.</para>
/// </remarks>
/// <param name="model">The weights.</param>
/// <param name="graph">The graph.</param>
/// <param name="fittedOn">The graph's true triples that the weights were fitted on, found when somebody asks; null for not known.</param>
/// <param name="mostNewEntities">How many more entities each layer may change; null for all, see <see cref="IPathKernel.Bind"/>.</param>
internal sealed class PathScorer(
    PathModel model, KnowledgeGraph graph, Func<KnownTriples?>? fittedOn = null, int? mostNewEntities = null) : ITripleScorer, IDisposable
{
    // Where so many triples share a query, all entities are scored once: cheaper than each answer on its own.
    private const int SharedFrom = 4;

    private readonly Lazy<KnownTriples?> _fittedOn = new(() => fittedOn?.Invoke());
    private readonly Lazy<PathRuntime> _runtime = new(() => new PathRuntime(model, graph, mostNewEntities));

    /// <summary>The weights.</summary>
    public PathModel Model { get; } = model;

    /// <inheritdoc/>
    public KnowledgeGraph Graph { get; } = graph;

    /// <summary>
    /// Null for weights that were fitted elsewhere: they know no entity, so which of this graph's triples they have seen cannot be told.
    /// See <see cref="PathModelOrigin.PretrainedOn"/>.
    /// </summary>
    public KnownTriples? FittedOn => _fittedOn.Value;

    /// <inheritdoc/>
    public bool CanMask => true;

    /// <summary>Both message graphs and what was computed for relations; laid out on first use.</summary>
    internal PathRuntime Runtime => _runtime.Value;

    /// <inheritdoc/>
    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores)
    {
        ScorerArguments.CheckRoom(triples.Length, 1, scores, nameof(scores));
        float[] heads = new float[triples.Length];
        ScoreSides(TripleQuery.Of(triples.ToArray()), mask, heads, scores);
        for (int i = 0; i < heads.Length; i++)
        {
            scores.Span[i] = Mean(heads[i], scores.Span[i]);
        }
    }

    /// <summary>The score of a triple whose sides have these logits.</summary>
    public static float Mean(float head, float tail) => (head + tail) / 2;

    /// <summary>The logits of triples' heads and tails.</summary>
    /// <param name="queries">The triples, and what is hidden beside each.</param>
    /// <param name="mask">Whether anything is.</param>
    /// <param name="heads">Room for the heads' logits: [triples].</param>
    /// <param name="tails">Room for the tails' logits: [triples].</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="NotFiniteNumberException">A logit is not finite.</exception>
    public void ScoreSides(IReadOnlyList<TripleQuery> queries, QueryMask mask, Memory<float> heads, Memory<float> tails)
    {
        foreach (TripleQuery query in queries)
        {
            Graph.Bounds.Check(query.Triple, nameof(queries));
            Graph.Bounds.Check(query.Hidden, nameof(queries));
        }

        List<PathAsk> asks = [];
        for (int row = 0; row < queries.Count; row++)
        {
            asks.Add(new(queries[row], AsksTail: true, row));
            asks.Add(new(queries[row], AsksTail: false, row));
        }

        PathSchedule.Run(Runtime, Groups(asks, mask), (group, relation) =>
        {
            PathQuery query = Query(group[0], mask, relation);
            float[]? all = group.Length == 1 ? null : new float[Graph.Entities.Count];
            if (all is not null)
            {
                relation.Network.ScoreAll([query], all);
            }

            foreach (PathAsk ask in group)
            {
                Memory<float> room = ask.AsksTail ? tails : heads;
                room.Span[ask.Row] = all is null ? relation.Network.Score(query, ask.Answer) : all[ask.Answer];
            }
        });
        CheckLogits(queries, heads.Span);
        CheckLogits(queries, tails.Span);
    }

    /// <inheritdoc/>
    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        ScoreAll(queries, mask, default, scores, asksHead: false, asksTail: true);

    /// <inheritdoc/>
    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        ScoreAll(queries, mask, scores, default, asksHead: true, asksTail: false);

    /// <inheritdoc/>
    public void ScoreBothSides(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> heads, Memory<float> tails) =>
        ScoreAll(queries, mask, heads, tails, asksHead: true, asksTail: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_runtime.IsValueCreated)
        {
            Runtime.Dispose();
        }
    }

    private void ScoreAll(
        ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> heads, Memory<float> tails, bool asksHead, bool asksTail)
    {
        int entities = Graph.Entities.Count;
        ScorerArguments.CheckTriples(Graph, queries.Span, nameof(queries));
        ScorerArguments.CheckRoom(asksHead ? queries.Length : 0, entities, heads, nameof(heads));
        ScorerArguments.CheckRoom(asksTail ? queries.Length : 0, entities, tails, nameof(tails));
        List<PathAsk[]> asks = [];
        for (int row = 0; row < queries.Length; row++)
        {
            if (asksTail)
            {
                asks.Add([new(queries.Span[row], AsksTail: true, row)]);
            }

            if (asksHead)
            {
                asks.Add([new(queries.Span[row], AsksTail: false, row)]);
            }
        }

        PathSchedule.Run(Runtime, asks, (group, relation) =>
        {
            Memory<float> room = group[0].AsksTail ? tails : heads;
            relation.Network.ScoreAll([Query(group[0], mask, relation)], room.Span.Slice(group[0].Row * entities, entities));
        });
        ScorerArguments.CheckScores(Graph, heads.Span, queries);
        ScorerArguments.CheckScores(Graph, tails.Span, queries);
    }

    private IEnumerable<PathAsk[]> Groups(List<PathAsk> asks, QueryMask mask)
    {
        foreach (IGrouping<(int, bool, int), PathAsk> same in asks.GroupBy(ask => ask.Key))
        {
            PathAsk[] open = [.. same.Where(ask => Removed(ask.Query, mask).Length == 0)];
            bool isShared = open.Length >= SharedFrom;
            if (isShared)
            {
                yield return open;
            }

            foreach (PathAsk ask in isShared ? same.Except(open) : same)
            {
                yield return [ask];
            }
        }
    }

    private PathQuery Query(PathAsk ask, QueryMask mask, ConditionedRelation relation)
    {
        return new PathQuery(ask.Source, relation.Vector(Runtime.LabelOf(ask), Runtime.Width), Removed(ask.Query, mask));
    }

    /// <summary>The edges that a query does not see.</summary>
    public int[] Removed(TripleQuery query, QueryMask mask) =>
        mask.Edges ? EntityMessages.Stating(Runtime.Entities, query.Triple, query.Hidden) : [];

    private void CheckLogits(IReadOnlyList<TripleQuery> queries, ReadOnlySpan<float> logits) =>
        FiniteNumbers.CheckScores(logits, i => $"the path model's score of {Graph.TripleText(queries[i].Triple)}");
}
