using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Counts of a graph, and what is doubtful about it.</summary>
internal static class GraphReport
{
    private const int Examples = 5;

    /// <summary>The counts.</summary>
    public static Report Summary(string title, KnowledgeGraph graph)
    {
        GraphStatistics statistics = GraphStatistics.Of(graph);
        return new Report(title)
            .With("entities", statistics.Entities)
            .With("relations", statistics.Relations)
            .With("edges", graph.Adjacency.EdgeCount)
            .With("mean degree", statistics.MeanDegree)
            .With("median degree", statistics.MedianDegree)
            .With("maximum degree", statistics.MaximumDegree)
            .With("entities without an edge", statistics.IsolatedEntities)
            .With("relations without a triple", statistics.UnusedRelations)
            .With("entities with a text", statistics.EntityTexts)
            .With("entities with a definition", statistics.EntityDefinitions)
            .With("relations with a text", statistics.RelationTexts)
            .With("relations with a definition", statistics.RelationDefinitions)
            .With(new ReportTable(
                "splits", ["split", "triples", "negatives", "duplicates", "self loops", "in training", "labeled both ways"],
                [Row("training", statistics.Train), Row("validation", statistics.Validation), Row("test", statistics.Test)]));
    }

    /// <summary>What is allowed but seldom meant: the split, what it is, how often, and some examples.</summary>
    public static ReportTable Doubts(KnowledgeGraph graph)
    {
        List<IReadOnlyList<object?>> rows = [];
        void Add(string what, IReadOnlyList<string> all)
        {
            if (all.Count > 0)
            {
                rows.Add([what, all.Count, string.Join("; ", all.Take(Examples)) + (all.Count > Examples ? "; …" : "")]);
            }
        }

        var training = new KnownTriples(graph, GraphSplit.Train);
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            string name = split.ToString().ToLowerInvariant();
            Triple[] triples = graph.Triples(split).ToArray(), negatives = graph.Negatives(split).ToArray();
            var known = new KnownTriples(graph, split);
            Add($"{name}: duplicates", Words(graph, triples.CountBy(triple => triple).Where(pair => pair.Value > 1).Select(pair => pair.Key)));
            Add($"{name}: an entity related to itself", Words(graph, triples.Where(triple => triple.Head == triple.Tail)));
            Add($"{name}: labeled true and false", Words(graph, negatives.Where(known.Contains).Distinct()));
            if (split != GraphSplit.Train)
            {
                Add($"{name}: also in training", Words(graph, triples.Where(training.Contains)));
                Add($"{name}: labeled false, but in training", Words(graph, negatives.Where(training.Contains).Distinct()));
            }
        }

        IEnumerable<int> isolated = Enumerable.Range(0, graph.Entities.Count).Where(entity => graph.Adjacency.Degree(entity) == 0);
        HashSet<int> used = [.. graph.Triples(GraphSplit.Train).ToArray().Select(triple => triple.Relation)];
        IEnumerable<int> unused = Enumerable.Range(0, graph.Relations.Count).Where(relation => !used.Contains(relation));
        Add("entities without a training edge", [.. isolated.Select(graph.EntityText)]);
        Add("relations without a training triple", [.. unused.Select(graph.RelationText)]);
        return new ReportTable("doubtful", ["what", "count", "examples"], rows);
    }

    private static string[] Words(KnowledgeGraph graph, IEnumerable<Triple> triples) =>
        [.. triples.Select(graph.TripleText)];

    private static object?[] Row(string split, SplitStatistics counts) =>
        [split, counts.Triples, counts.Negatives, counts.Duplicates, counts.SelfLoops, counts.InTraining, counts.LabeledBothWays];
}
