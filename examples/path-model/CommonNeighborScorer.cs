using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Examples.PathModel;

/// <summary>
/// What needs no learning: how many neighbors head and tail share, whatever the relation; half a point for being joined already.
/// </summary>
internal sealed class CommonNeighborScorer : ITripleScorer
{
    private readonly int[][] _neighbors;

    /// <param name="graph">The graph, whose training triples are read.</param>
    public CommonNeighborScorer(KnowledgeGraph graph)
    {
        HashSet<int>[] neighbors = [.. Enumerable.Range(0, graph.Entities.Count).Select(_ => new HashSet<int>())];
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            neighbors[triple.Head].Add(triple.Tail);
            neighbors[triple.Tail].Add(triple.Head);
        }

        (Graph, _neighbors) = (graph, Array.ConvertAll(neighbors, some => some.ToArray()));
    }

    /// <inheritdoc/>
    public KnowledgeGraph Graph { get; }

    /// <inheritdoc/>
    public KnownTriples? FittedOn => null;

    /// <inheritdoc/>
    public bool CanMask => false;

    /// <inheritdoc/>
    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores)
    {
        for (int i = 0; i < triples.Length; i++)
        {
            scores.Span[i] = Row(triples.Span[i].Head, mask)[triples.Span[i].Tail];
        }
    }

    /// <inheritdoc/>
    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries, query => query.Head, mask, scores);

    /// <inheritdoc/>
    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries, query => query.Tail, mask, scores);

    private void Fill(ReadOnlyMemory<Triple> queries, Func<Triple, int> given, QueryMask mask, Memory<float> scores)
    {
        for (int i = 0; i < queries.Length; i++)
        {
            Row(given(queries.Span[i]), mask).CopyTo(scores[(i * Graph.Entities.Count)..]);
        }
    }

    private float[] Row(int entity, QueryMask mask)
    {
        if (mask != QueryMask.None)
        {
            throw new NotSupportedException("Neighbors are counted with the edges that state a query.");
        }

        float[] counts = new float[_neighbors.Length];
        foreach (int neighbor in _neighbors[entity])
        {
            counts[neighbor] += .5f;
            foreach (int other in _neighbors[neighbor])
            {
                counts[other]++;
            }
        }

        return counts;
    }
}
