using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Finds entities and relations by what people type: the name, or the label, in any case.</summary>
internal sealed class GraphNames
{
    private readonly KnowledgeGraph _graph;

    /// <param name="graph">The graph.</param>
    public GraphNames(KnowledgeGraph graph) => _graph = graph;

    /// <summary>Id of an entity.</summary>
    /// <exception cref="CommandFailure">There is none, or several go by that label; the message says which.</exception>
    public int Entity(string typed) => Find(typed, "entity", _graph.Entities, _graph.EntityText);

    /// <summary>Id of a relation.</summary>
    /// <exception cref="CommandFailure">There is none, or several go by that label; the message says which.</exception>
    public int Relation(string typed) => Find(typed, "relation", _graph.Relations, _graph.RelationText);

    private static int Find(string typed, string kind, Vocabulary names, Func<int, string> text)
    {
        if (names.TryGetId(typed, out int exact))
        {
            return exact;
        }

        int[] all = [.. Enumerable.Range(0, names.Count)];
        int[] found = [.. all.Where(id => text(id) == typed)];
        found = found.Length > 0 ? found
            : [.. all.Where(id => typed.Equals(text(id), StringComparison.OrdinalIgnoreCase) || typed.Equals(names[id], StringComparison.OrdinalIgnoreCase))];
        return found.Length switch
        {
            1 => found[0],
            0 => throw new CommandFailure($"the graph has no {kind} '{typed}'{Suggestion.For(typed, all.Select(text).Concat(names.Names).Distinct())}"),
            _ => throw new CommandFailure(
                $"'{typed}' is the label of {string.Join(", ", found.Take(5).Select(id => names[id]))}{(found.Length > 5 ? " …" : "")}; "
                + $"name the {kind} by one of these"),
        };
    }
}
