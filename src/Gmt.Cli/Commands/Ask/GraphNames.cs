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

    /// <summary>An entity as reports have it.</summary>
    public NamedItem EntityItem(int entity) => new(graph.EntityIndex.Shown(entity), graph.Entities[entity], graph.EntityText(entity));

    /// <summary>A relation as reports have it.</summary>
    public NamedItem RelationItem(int relation) =>
        new(graph.RelationIndex.Shown(relation), graph.Relations[relation], graph.RelationText(relation));

    /// <summary>A triple as reports have it.</summary>
    public NamedTriple Item(Triple triple) => new(EntityItem(triple.Head), RelationItem(triple.Relation), EntityItem(triple.Tail));

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
