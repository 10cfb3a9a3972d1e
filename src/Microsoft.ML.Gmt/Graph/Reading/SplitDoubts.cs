namespace Microsoft.ML.Gmt.Graph;

/// <summary>Doubts about triples: duplicates, loops, contradictions, and test triples that training gives away.</summary>
internal static class SplitDoubts
{
    public static IEnumerable<GraphDoubt?> Of(KnowledgeGraph graph)
    {
        var training = new KnownTriples(graph, GraphSplit.Train);
        HashSet<(int, int)>? pairs = null;
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            string name = split.ToString().ToLowerInvariant();
            Triple[] triples = graph.Triples(split).ToArray(), negatives = graph.Negatives(split).ToArray();
            KnownTriples known = split == GraphSplit.Train ? training : new KnownTriples(graph, split);
            yield return Doubt(graph, $"{name}: duplicates",
                triples.CountBy(triple => triple).Where(pair => pair.Value > 1).Select(pair => pair.Key));
            yield return Doubt(graph, $"{name}: an entity related to itself", triples.Where(triple => triple.Head == triple.Tail));
            yield return Doubt(graph, $"{name}: labeled true and false", negatives.Where(known.Contains).Distinct());
            if (triples.Length == 0 && negatives.Length > 0)
            {
                yield return new GraphDoubt($"{name}: all triples are labeled false", negatives.Length, []);
            }

            if (split != GraphSplit.Train && triples.Length + negatives.Length > 0)
            {
                pairs ??= [.. graph.Triples(GraphSplit.Train).ToArray().Select(triple => (triple.Head, triple.Tail))];
                yield return Doubt(graph, $"{name}: also in training", triples.Where(training.Contains));
                yield return Doubt(graph, $"{name}: labeled false, but in training", negatives.Where(training.Contains).Distinct());

                // A model that learns that one relation is the inverse of another, or that it holds both ways, needs to know nothing else.
                yield return Doubt(
                    graph, $"{name}: training has the same pair the other way round (inverse leakage)",
                    triples.Where(triple => triple.Head != triple.Tail && pairs.Contains((triple.Tail, triple.Head))));
            }
        }
    }

    private static GraphDoubt? Doubt(KnowledgeGraph graph, string what, IEnumerable<Triple> triples) =>
        GraphDoubt.Of(what, triples.ToArray(), graph.TripleText);
}
