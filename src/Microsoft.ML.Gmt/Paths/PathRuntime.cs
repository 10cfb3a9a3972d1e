using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A path model laid out over one graph: the message graph, its conditions, and what is kept of them.</summary>
internal sealed class PathRuntime : IDisposable
{
    private const long MostKept = 2L << 30;

    private readonly PathModel _model;
    private readonly IPathConditions _conditions;
    private readonly IPathKernel _entityKernel;
    private readonly RelationCache _relations;
    private readonly int? _mostNewNodes;

    /// <param name="model">The weights.</param>
    /// <param name="graph">The graph, whose training triples are the edges.</param>
    /// <param name="mostNewNodes">How many more entities each layer may change; null for all, see <see cref="IPathKernel.Bind"/>.</param>
    public PathRuntime(PathModel model, KnowledgeGraph graph, int? mostNewNodes = null)
    {
        (_model, _mostNewNodes) = (model, mostNewNodes);
        _entityKernel = PathKernel.Create(EntityMessages.Build(graph));
        _conditions = model.Over(Entities);

        // A quarter of the memory that this process may have, and no more than helps.
        Budget = Math.Min(MostKept, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
        _relations = new RelationCache(Condition, Budget);
    }

    /// <summary>The edges between entities.</summary>
    public MessageGraph Entities => _entityKernel.Graph;

    /// <summary>Runs networks over the entities.</summary>
    public IPathKernel EntityKernel => _entityKernel;

    /// <summary>d.</summary>
    public int Width => _model.Width;

    /// <summary>How many conditions may be held at once within the memory that is kept; at least one.</summary>
    public int RelationsAtOnce
    {
        get
        {
            long numbers = ((long)_model.LayerCount * Width * (Entities.NodeCount + Entities.LabelCount))
                + ((long)Entities.NodeCount * _model.Readout.HiddenWidth) + 1;
            return (int)Math.Clamp(Budget / (numbers * sizeof(float)), 1, int.MaxValue);
        }
    }

    private long Budget { get; }

    /// <summary>The label of an ask: the relation for (e, r, ?), the relation + R for (?, r, e).</summary>
    public int LabelOf(PathAsk ask) => ask.AsksTail ? ask.Relation : ask.Relation + (Entities.LabelCount / 2);

    /// <summary>What an ask shares its condition with.</summary>
    public int KeyOf(PathAsk ask) => _model.KeyOf(LabelOf(ask), Entities.LabelCount / 2);

    /// <summary>Takes hold of a condition, which is computed unless it is kept.</summary>
    /// <param name="key">Its key.</param>
    public RelationCache.Lease Take(int key) => _relations.Take(key);

    /// <summary>The vectors of queries of a key by label: [2R, d].</summary>
    public float[] Represent(int key) => _conditions.Of(key).Vectors;

    /// <summary>The vectors of queries of a key, and the layers.</summary>
    public (float[] Vectors, PathLayer[] Layers) Conditions(int key) => _conditions.Of(key);

    /// <summary>Frees the kernels.</summary>
    public void Dispose()
    {
        _relations.Dispose();
        _conditions.Dispose();
        _entityKernel.Dispose();
    }

    private ConditionedRelation Condition(int key)
    {
        (float[] vectors, PathLayer[] layers) = _conditions.Of(key);
        return new ConditionedRelation(vectors, _entityKernel.Bind(layers, _model.Readout, _mostNewNodes));
    }
}
