using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>What every <see cref="ITripleScorer"/> checks, said in one way.</summary>
internal static class ScorerArguments
{
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    public static void CheckTriples(KnowledgeGraph graph, ReadOnlySpan<Triple> triples, string parameter)
    {
        GraphBounds bounds = graph.Bounds;
        foreach (Triple triple in triples)
        {
            bounds.Check(triple, parameter);
        }
    }

    /// <summary>Refuses scores of entities that are not finite: no rank comes of them.</summary>
    /// <param name="graph">The graph, whose names the message has.</param>
    /// <param name="scores">[queries, entities], row by row.</param>
    /// <param name="queries">The queries.</param>
    /// <exception cref="NotFiniteNumberException">One is not finite.</exception>
    public static void CheckScores(KnowledgeGraph graph, ReadOnlySpan<float> scores, ReadOnlyMemory<Triple> queries)
    {
        int entities = graph.Entities.Count;
        FiniteNumbers.CheckScores(scores, i =>
            $"the score of '{graph.EntityText(i % entities)}' for the query {graph.TripleText(queries.Span[i / entities])}");
    }

    /// <exception cref="ArgumentException">There is not room for exactly one score in each column of each row.</exception>
    public static void CheckRoom(int rows, int columns, Memory<float> scores, string parameter)
    {
        if (scores.Length != (long)rows * columns)
        {
            throw new ArgumentException(
                $"There is room for {scores.Length:N0} scores, where {rows:N0} · {columns:N0} are needed.", parameter);
        }
    }
}
