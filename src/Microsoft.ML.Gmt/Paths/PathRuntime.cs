using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A foundation model laid out over one graph: both message graphs, the relation network, and what is kept of relations.</summary>
internal sealed class PathRuntime : IDisposable
{
    private const long MostKept = 2L << 30;

    private readonly FoundationModel _model;
    private readonly IPathKernel _relationKernel;
    private readonly IPathNetwork _relationNetwork;
    private readonly IPathKernel _entityKernel;
    private readonly RelationCache _relations;
    private readonly float[] _ones;

    /// <param name="model">The weights.</param>
    /// <param name="graph">The graph, whose training triples are the edges.</param>
    public PathRuntime(FoundationModel model, KnowledgeGraph graph)
    {
        _model = model;
        _ones = [.. Enumerable.Repeat(1f, Width)];
        _entityKernel = PathKernel.Create(EntityMessages.Build(graph));
        _relationKernel = PathKernel.Create(RelationGraph.Build(Entities));
        _relationNetwork = _relationKernel.Bind(model.RelationLayers, readout: null);

        // A quarter of the memory that this process may have, and no more than helps.
        Budget = Math.Min(MostKept, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
        _relations = new RelationCache(Condition, Budget);
    }

    /// <summary>The edges between entities.</summary>
    public MessageGraph Entities => _entityKernel.Graph;

    /// <summary>Runs networks over the entities.</summary>
    public IPathKernel EntityKernel => _entityKernel;

    /// <summary>d.</summary>
    public int Width => _model.Shape.Width;

    /// <summary>How many relations may be held at once within the memory that is kept; at least one.</summary>
    public int RelationsAtOnce
    {
        get
        {
            FoundationShape shape = _model.Shape;
            long numbers = ((long)shape.EntityLayers * shape.Width * (Entities.NodeCount + Entities.LabelCount))
                + ((long)Entities.NodeCount * shape.HiddenWidth) + 1;
            return (int)Math.Clamp(Budget / (numbers * sizeof(float)), 1, int.MaxValue);
        }
    }

    private long Budget { get; }

    /// <summary>Takes hold of a relation, which is computed unless it is kept.</summary>
    public RelationCache.Lease Take(int relation) => _relations.Take(relation);

    /// <summary>How all labels look from a relation: [2R, d].</summary>
    public float[] Represent(int relation)
    {
        float[] states = new float[Entities.LabelCount * Width];
        _relationNetwork.States(new PathQuery(relation, _ones, default), states);
        return states;
    }

    /// <summary>Frees the kernels.</summary>
    public void Dispose()
    {
        _relations.Dispose();
        _relationNetwork.Dispose();
        _relationKernel.Dispose();
        _entityKernel.Dispose();
    }

    private ConditionedRelation Condition(int relation)
    {
        float[] representations = Represent(relation);
        PathLayer[] layers = [.. _model.EntityLayers.Select(layer => layer.Project(representations))];
        return new ConditionedRelation(representations, _entityKernel.Bind(layers, _model.Readout));
    }
}
