namespace Microsoft.ML.Gmt.Graph;

/// <summary>Counts of one split.</summary>
/// <param name="Triples">True triples, duplicates included.</param>
/// <param name="Negatives">Triples labeled false.</param>
/// <param name="Duplicates">Triples that stand in the split before already.</param>
/// <param name="SelfLoops">Triples whose head is their tail.</param>
/// <param name="InTraining">Triples that are training triples too: of validation and test triples none should be.</param>
/// <param name="LabeledBothWays">Distinct triples that the split labels true and false.</param>
public sealed record SplitStatistics(int Triples, int Negatives, int Duplicates, int SelfLoops, int InTraining, int LabeledBothWays)
{
    internal static SplitStatistics Of(KnowledgeGraph graph, GraphSplit split, KnownTriples training)
    {
        var known = new KnownTriples(graph, split);
        (int loops, int inTraining) = (0, 0);
        foreach (Triple triple in graph.Triples(split))
        {
            loops += triple.Head == triple.Tail ? 1 : 0;
            inTraining += training.Contains(triple) ? 1 : 0;
        }

        var contradictions = new HashSet<Triple>();
        foreach (Triple triple in graph.Negatives(split))
        {
            if (known.Contains(triple))
            {
                contradictions.Add(triple);
            }
        }

        int count = graph.Triples(split).Length;
        return new SplitStatistics(count, graph.Negatives(split).Length, count - known.Count, loops, inTraining, contradictions.Count);
    }
}
