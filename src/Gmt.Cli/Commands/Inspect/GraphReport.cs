using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Counts of a graph, and what is doubtful about it.</summary>
internal static class GraphReport
{
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

    /// <summary>What is allowed but seldom meant: what it is, how often, and some examples.</summary>
    /// <param name="doubts">The doubts.</param>
    /// <param name="words">Names flags in place of properties.</param>
    public static ReportTable Doubts(IEnumerable<GraphDoubt> doubts, Func<string, string> words) =>
        new("doubtful", ["what", "count", "examples"],
            [.. doubts.Select(doubt => (IReadOnlyList<object?>)[words(doubt.What), doubt.Count, Examples(doubt)])]);

    private static string Examples(GraphDoubt doubt) =>
        string.Join("; ", doubt.Examples) + (doubt.Examples.Count > 0 && doubt.Count > doubt.Examples.Count ? "; …" : "");

    private static object?[] Row(string split, SplitStatistics counts) =>
        [split, counts.Triples, counts.Negatives, counts.Duplicates, counts.SelfLoops, counts.InTraining, counts.LabeledBothWays];
}
