namespace Microsoft.ML.Gmt.Paths;

/// <summary>A graph laid out to train a foundation model on: the operators of both networks.</summary>
internal sealed class FoundationGraph : IDisposable
{
    /// <param name="entities">The edges between entities, see <see cref="EntityMessages"/>; relations are described by them.</param>
    public FoundationGraph(MessageGraph entities)
    {
        (Entities, LabelCount) = (entities, entities.LabelCount);
        EntityOperator = new PathOperator(entities, PathOperator.InverseEntityLabels(LabelCount));
        RelationOperator = new PathOperator(RelationGraph.Build(entities), PathOperator.InverseRelationLabels());
    }

    /// <summary>The edges between entities.</summary>
    public MessageGraph Entities { get; }

    /// <summary>2R.</summary>
    public int LabelCount { get; }

    /// <summary>Runs the entity network.</summary>
    public PathOperator EntityOperator { get; }

    /// <summary>Runs the relation network.</summary>
    public PathOperator RelationOperator { get; }

    /// <summary>Frees both operators.</summary>
    public void Dispose()
    {
        EntityOperator.Dispose();
        RelationOperator.Dispose();
    }
}
