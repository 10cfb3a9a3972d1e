using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Finds entities and relations by what people type, as the library does; warns where the letters are others.</summary>
internal sealed class GraphNames(KnowledgeGraph graph, Terminal terminal)
{
    /// <summary>Id of an entity.</summary>
    /// <exception cref="CommandFailure">There is none, or several go by that name; the message says which.</exception>
    public int Entity(string typed) => Known(graph.FindEntity(typed));

    /// <summary>Id of a relation.</summary>
    /// <exception cref="CommandFailure">There is none, or several go by that name; the message says which.</exception>
    public int Relation(string typed) => Known(graph.FindRelation(typed));

    /// <summary>An entity as it is shown: by its label, and by its name too where others have the same label.</summary>
    public string Text(int entity) => graph.EntityIndex.Shown(entity);

    /// <summary>A triple as it is shown.</summary>
    public string Text(Triple triple) => $"({Text(triple.Head)}, {graph.RelationIndex.Shown(triple.Relation)}, {Text(triple.Tail)})";

    private int Known(NameMatch match)
    {
        if (!match.IsFound)
        {
            throw new CommandFailure($"{match}");
        }

        if (match.IsNear)
        {
            terminal.Warn($"{match}");
        }

        return match.Id;
    }
}
