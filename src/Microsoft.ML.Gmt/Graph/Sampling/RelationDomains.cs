namespace Microsoft.ML.Gmt.Graph;

/// <summary>The entities that stand at each side of each relation in the training triples: ascending, each once.</summary>
internal sealed class RelationDomains
{
    private readonly int[][] _heads;
    private readonly int[][] _tails;

    public RelationDomains(KnowledgeGraph graph)
    {
        int[] counts = new int[graph.Relations.Count];
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            counts[triple.Relation]++;
        }

        _heads = [.. counts.Select(count => new int[count])];
        _tails = [.. counts.Select(count => new int[count])];
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            int at = --counts[triple.Relation];
            (_heads[triple.Relation][at], _tails[triple.Relation][at]) = (triple.Head, triple.Tail);
        }

        for (int relation = 0; relation < counts.Length; relation++)
        {
            (_heads[relation], _tails[relation]) = (Distinct(_heads[relation]), Distinct(_tails[relation]));
        }
    }

    public ReadOnlyMemory<int> HeadsOf(int relation) => _heads[relation];

    public ReadOnlyMemory<int> TailsOf(int relation) => _tails[relation];

    private static int[] Distinct(int[] entities)
    {
        Array.Sort(entities);
        int count = 0;
        for (int i = 0; i < entities.Length; i++)
        {
            if (i == 0 || entities[i] != entities[i - 1])
            {
                entities[count++] = entities[i];
            }
        }

        return entities[..count];
    }
}
