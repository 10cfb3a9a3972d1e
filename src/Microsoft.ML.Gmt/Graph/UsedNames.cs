namespace Microsoft.ML.Gmt.Graph;

/// <summary>Which names occur in triples; a graph may have further ones.</summary>
/// <param name="Entities">For each entity, whether it does.</param>
/// <param name="Relations">For each relation, whether it does.</param>
internal sealed record UsedNames(bool[] Entities, bool[] Relations)
{
    /// <summary>The names of some splits, labeled negatives included.</summary>
    public static UsedNames In(KnowledgeGraph graph, IEnumerable<GraphSplit> splits)
    {
        var used = new UsedNames(new bool[graph.Entities.Count], new bool[graph.Relations.Count]);
        foreach (GraphSplit split in splits)
        {
            used.Add(graph.Triples(split));
            used.Add(graph.Negatives(split));
        }

        return used;
    }

    private void Add(ReadOnlySpan<Triple> triples)
    {
        foreach (Triple triple in triples)
        {
            Entities[triple.Head] = Entities[triple.Tail] = Relations[triple.Relation] = true;
        }
    }
}
