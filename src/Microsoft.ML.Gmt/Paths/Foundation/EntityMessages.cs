using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The message graph of a knowledge graph's training triples: (h, r, t) lets h receive from t over label r, and t from h over r + R. So a
/// message runs from tail to head under the relation's own number.
/// </summary>
internal static class EntityMessages
{
    /// <summary>Lays the edges out: two for each triple, copies included.</summary>
    public static MessageGraph Build(KnowledgeGraph graph) =>
        Build(graph.Entities.Count, graph.Relations.Count, graph.Triples(GraphSplit.Train));

    /// <summary>Lays the edges of triples out: two for each, copies included.</summary>
    /// <param name="entities">How many entities there are.</param>
    /// <param name="relations">R, how many relations there are.</param>
    /// <param name="triples">The triples.</param>
    public static MessageGraph Build(int entities, int relations, ReadOnlySpan<Triple> triples)
    {
        if (triples.Length > Array.MaxLength / 2)
        {
            throw new NotSupportedException(
                $"{triples.Length:N0} training triples are too many: a graph holds at most {Array.MaxLength / 2:N0}.");
        }

        var edges = new MessageEdge[2 * triples.Length];
        for (int i = 0; i < triples.Length; i++)
        {
            (edges[2 * i], edges[(2 * i) + 1]) = Edges(triples[i], relations);
        }

        return MessageGraph.Build(entities, 2 * relations, edges);
    }

    /// <summary>The indices of all edges that state some triples, each once, in ascending order.</summary>
    /// <param name="messages">The graph's message graph.</param>
    /// <param name="triples">The triples, whether the graph has them or not.</param>
    public static int[] Stating(MessageGraph messages, params ReadOnlySpan<Triple> triples)
    {
        var found = new SortedSet<int>();
        foreach (Triple triple in triples)
        {
            (MessageEdge one, MessageEdge other) = Edges(triple, messages.LabelCount / 2);
            Add(messages.Find(one));
            Add(messages.Find(other));
        }

        return [.. found];

        void Add(Range edges)
        {
            for (int edge = edges.Start.Value; edge < edges.End.Value; edge++)
            {
                found.Add(edge);
            }
        }
    }

    private static (MessageEdge One, MessageEdge Other) Edges(Triple triple, int relations) =>
        (new(triple.Head, triple.Tail, triple.Relation), new(triple.Tail, triple.Head, triple.Relation + relations));
}
