using Microsoft.ML.Gmt.Graph;

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
