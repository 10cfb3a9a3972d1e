using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>
/// Fits a scorer that knows how often each entity stands in each place of a relation, and knows by heart what it was fitted on, as
/// embeddings do: it can't mask.
/// </summary>
internal sealed class MemorizingEstimator(KnowledgeGraph graph) : IEstimator<MemorizingTransformer>
{
    /// <summary>How many rows each fit was given.</summary>
    public List<int> Rows { get; } = [];

    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => inputSchema;

    public MemorizingTransformer Fit(IDataView input)
    {
        string[] heads = [.. input.GetColumn<string>("Head")], tails = [.. input.GetColumn<string>("Tail")];
        string[] relations = [.. input.GetColumn<string>("Relation")];
        Rows.Add(heads.Length);
        return new MemorizingTransformer(
            graph, [.. heads.Select((head, i) => graph.GetTriple(head, relations[i], tails[i]))]);
    }
}

/// <summary>What it fits.</summary>
internal sealed class MemorizingTransformer(KnowledgeGraph graph, Triple[] triples) : ITripleScoringTransformer, IDisposable
{
    public ITripleScorer Scorer { get; } = new MemorizingScorer(graph, triples);

    public bool IsDisposed { get; private set; }

    public bool IsRowToRowMapper => false;

    public void Dispose() => IsDisposed = true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

    public IDataView Transform(IDataView input) => input;

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();
}

internal sealed class MemorizingScorer : ITripleScorer
{
    private readonly Dictionary<(int Relation, int Entity, bool IsTail), int> _counts = [];

    public MemorizingScorer(KnowledgeGraph graph, Triple[] triples)
    {
        (Graph, FittedOn) = (graph, KnownTriples.Of(graph, triples));
        foreach (Triple triple in triples.Distinct())
        {
            _counts[(triple.Relation, triple.Tail, true)] = _counts.GetValueOrDefault((triple.Relation, triple.Tail, true)) + 1;
            _counts[(triple.Relation, triple.Head, false)] = _counts.GetValueOrDefault((triple.Relation, triple.Head, false)) + 1;
        }
    }

    public KnowledgeGraph Graph { get; }

    public KnownTriples FittedOn { get; }

    public bool CanMask => false;

    /// <summary>How many questions were asked.</summary>
    public int Asked { get; private set; }

    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores) =>
        Array.ConvertAll(triples.ToArray(), Of).CopyTo(scores);

    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries, mask, scores.Span, (query, entity) => query with { Tail = entity });

    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries, mask, scores.Span, (query, entity) => query with { Head = entity });

    public float Of(Triple triple) =>
        Share((triple.Relation, triple.Tail, true)) + Share((triple.Relation, triple.Head, false)) + (FittedOn.Contains(triple) ? 3 : 0);

    private float Share((int Relation, int Entity, bool IsTail) place) =>
        MathF.Log((1 + _counts.GetValueOrDefault(place)) / (1f + FittedOn.Count));

    private void Fill(ReadOnlyMemory<Triple> queries, QueryMask mask, Span<float> scores, Func<Triple, int, Triple> candidate)
    {
        Assert.AreEqual(QueryMask.None, mask);
        Asked += queries.Length;
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = Of(candidate(queries.Span[i / Graph.Entities.Count], i % Graph.Entities.Count));
        }
    }
}
