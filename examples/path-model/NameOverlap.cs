using Microsoft.ML.Gmt.Graph;

namespace Examples.PathModel;

/// <summary>
/// What a graph that is judged on shares with one that was trained on, by the names that people read: ids of different data sets say
/// nothing of each other.
/// </summary>
/// <param name="Entities">Entities of the judged graph that have a name of an entity of the other.</param>
/// <param name="TestTriples">Test triples both of whose ends have such names.</param>
/// <param name="JoinedTriples">Of these, those whose ends some training triple of the other joins, over any relation, either way.</param>
internal sealed record NameOverlap(int Entities, int TestTriples, int JoinedTriples)
{
    /// <summary>Compares two graphs.</summary>
    /// <param name="trained">The graph that was trained on.</param>
    /// <param name="judged">The graph that is judged on.</param>
    public static NameOverlap Of(KnowledgeGraph trained, KnowledgeGraph judged)
    {
        HashSet<string> names = [.. Enumerable.Range(0, trained.Entities.Count).Select(entity => Name(trained, entity))];
        HashSet<(string, string)> joined = [];
        foreach (Triple triple in trained.Triples(GraphSplit.Train))
        {
            joined.Add((Name(trained, triple.Head), Name(trained, triple.Tail)));
            joined.Add((Name(trained, triple.Tail), Name(trained, triple.Head)));
        }

        Triple[] both = [.. judged.Triples(GraphSplit.Test).ToArray()
            .Where(triple => names.Contains(Name(judged, triple.Head)) && names.Contains(Name(judged, triple.Tail)))];
        return new NameOverlap(
            Enumerable.Range(0, judged.Entities.Count).Count(entity => names.Contains(Name(judged, entity))), both.Length,
            both.Count(triple => joined.Contains((Name(judged, triple.Head), Name(judged, triple.Tail)))));
    }

    private static string Name(KnowledgeGraph graph, int entity) => graph.EntityText(entity).Trim().ToUpperInvariant();
}
