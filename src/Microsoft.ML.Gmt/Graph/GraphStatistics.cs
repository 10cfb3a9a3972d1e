namespace Microsoft.ML.Gmt.Graph;

/// <summary>Counts that tell what a graph is like, and whether its splits are what they should be.</summary>
public sealed record GraphStatistics
{
    /// <summary>How many entities there are.</summary>
    public required int Entities { get; init; }

    /// <summary>How many relations there are, without inverses.</summary>
    public required int Relations { get; init; }

    /// <summary>Counts of the training triples.</summary>
    public required SplitStatistics Train { get; init; }

    /// <summary>Counts of the validation triples.</summary>
    public required SplitStatistics Validation { get; init; }

    /// <summary>Counts of the test triples.</summary>
    public required SplitStatistics Test { get; init; }

    /// <summary>Entities without a training edge: nothing is known about them.</summary>
    public required int IsolatedEntities { get; init; }

    /// <summary>Relations without a training triple.</summary>
    public required int UnusedRelations { get; init; }

    /// <summary>The mean number of training edges of an entity.</summary>
    public required double MeanDegree { get; init; }

    /// <summary>The median number of training edges of an entity; the lower one of two.</summary>
    public required int MedianDegree { get; init; }

    /// <summary>The largest number of training edges of an entity.</summary>
    public required int MaximumDegree { get; init; }

    /// <summary>Entities with a text of their own; the others go by their name.</summary>
    public required int EntityTexts { get; init; }

    /// <summary>Entities with a definition.</summary>
    public required int EntityDefinitions { get; init; }

    /// <summary>Relations with a text of their own; the others go by their name.</summary>
    public required int RelationTexts { get; init; }

    /// <summary>Relations with a definition.</summary>
    public required int RelationDefinitions { get; init; }

    /// <summary>Counts what a graph holds.</summary>
    /// <param name="graph">The graph.</param>
    public static GraphStatistics Of(KnowledgeGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Adjacency adjacency = graph.Adjacency;
        int[] degrees = [.. Enumerable.Range(0, adjacency.EntityCount).Select(adjacency.Degree).Order()];
        var known = new KnownTriples(graph, GraphSplit.Train);
        return new GraphStatistics
        {
            Entities = graph.Entities.Count,
            Relations = graph.Relations.Count,
            Train = SplitStatistics.Of(graph, GraphSplit.Train, known),
            Validation = SplitStatistics.Of(graph, GraphSplit.Validation, known),
            Test = SplitStatistics.Of(graph, GraphSplit.Test, known),
            IsolatedEntities = degrees.Count(degree => degree == 0),
            UnusedRelations = graph.Relations.Count - UsedRelations(graph),
            MeanDegree = degrees.Length == 0 ? 0 : (double)adjacency.EdgeCount / degrees.Length,
            MedianDegree = degrees.Length == 0 ? 0 : degrees[(degrees.Length - 1) / 2],
            MaximumDegree = degrees.Length == 0 ? 0 : degrees[^1],
            EntityTexts = graph.Content.EntityTexts.Count(),
            EntityDefinitions = graph.Content.EntityDefinitions.Count(),
            RelationTexts = graph.Content.RelationTexts.Count(),
            RelationDefinitions = graph.Content.RelationDefinitions.Count(),
        };
    }

    private static int UsedRelations(KnowledgeGraph graph)
    {
        bool[] used = new bool[graph.Relations.Count];
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            used[triple.Relation] = true;
        }

        return used.Count(isUsed => isUsed);
    }
}
