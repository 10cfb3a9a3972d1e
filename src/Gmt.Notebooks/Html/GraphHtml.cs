using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Plots;

namespace Microsoft.ML.Gmt.Notebooks.Html;

/// <summary>Knowledge graphs: counts, some facts, the degrees of entities.</summary>
internal static class GraphHtml
{
    private const int SomeFacts = 5;

    public static string Of(KnowledgeGraph graph)
    {
        string html = Of(GraphStatistics.Of(graph));
        ReadOnlySpan<Triple> facts = graph.Triples(GraphSplit.Train);
        return facts.IsEmpty ? html : html + Facts(graph, facts[..Math.Min(SomeFacts, facts.Length)]) + Picture.Of(graph.PlotDegrees());
    }

    public static string Of(GraphStatistics counts) => Table.Of(
        "Knowledge graph",
        ("Entities", Table.Count(counts.Entities)),
        ("Relations", Table.Count(counts.Relations)),
        ("Training triples", Table.Count(counts.Train.Triples)),
        ("Validation triples", Table.Count(counts.Validation.Triples)),
        ("Test triples", Table.Count(counts.Test.Triples)),
        ("Triples stated twice", Table.Count(counts.Train.Duplicates + counts.Validation.Duplicates + counts.Test.Duplicates)),
        ("Triples of an entity: median", Table.Count(counts.MedianDegree)),
        ("Triples of an entity: most", Table.Count(counts.MaximumDegree)),
        ("Entities without a training triple", Table.Count(counts.IsolatedEntities)));

    private static string Facts(KnowledgeGraph graph, ReadOnlySpan<Triple> facts)
    {
        var rows = new List<string[]>();
        foreach (Triple fact in facts)
        {
            rows.Add([graph.EntityText(fact.Head), graph.RelationText(fact.Relation), graph.EntityText(fact.Tail)]);
        }

        return Table.Of("The first facts", ["Head", "Relation", "Tail"], rows);
    }
}
