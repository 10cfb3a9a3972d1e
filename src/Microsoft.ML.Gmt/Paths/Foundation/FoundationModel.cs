namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The weights of a path model of ULTRA's architecture (Galkin et al. 2024, arXiv 2310.04562): two networks, one over the graph of
/// relations and one over entities, with no parameter for any entity or relation. Immutable.
/// </summary>
internal sealed class FoundationModel : PathModel
{
    private readonly PathTensors _tensors;

    private FoundationModel(PathTensors tensors, FoundationShape shape, PathModelOrigin origin) : base(origin)
    {
        (_tensors, Shape) = (tensors, shape);
        RelationLayers = [.. Enumerable.Range(0, shape.RelationLayers).Select(RelationLayer)];
        EntityLayers = [.. Enumerable.Range(0, shape.EntityLayers).Select(EntityLayer)];
        Readout = new PathReadout(
            Values("entity_model.mlp.0.weight"), Values("entity_model.mlp.0.bias"), Values("entity_model.mlp.2.weight"),
            Values("entity_model.mlp.2.bias")[0]);
    }

    /// <summary>Widths and numbers of layers.</summary>
    public FoundationShape Shape { get; }

    /// <summary>The layers of the relation network.</summary>
    public IReadOnlyList<PathLayer> RelationLayers { get; }

    /// <summary>The layers of the entity network.</summary>
    public IReadOnlyList<ProjectedLayer> EntityLayers { get; }

    /// <inheritdoc/>
    public override int Width => Shape.Width;

    /// <inheritdoc/>
    public override int LayerCount => Shape.EntityLayers;

    /// <inheritdoc/>
    public override PathReadout Readout { get; }

    /// <summary>The weights by their names in a checkpoint.</summary>
    public override IEnumerable<KeyValuePair<string, PathTensor>> Tensors => _tensors.All;

    /// <summary>Relations look alike from both of their directions.</summary>
    public override int KeyOf(int label, int relations) => label % relations;

    /// <inheritdoc/>
    public override IPathConditions Over(MessageGraph entities) => new FoundationConditions(this, entities);

    /// <summary>Makes a model of the weights of a file.</summary>
    /// <param name="tensors">The weights by name.</param>
    /// <param name="origin">Which checkpoint they are of.</param>
    /// <exception cref="Weights.WeightFileException">A weight is missing, is not expected or has another shape.</exception>
    public static FoundationModel Of(PathTensors tensors, PathModelOrigin origin) =>
        new(tensors, FoundationShape.Of(tensors), origin);

    private PathLayer RelationLayer(int layer)
    {
        string name = $"relation_model.layers.{layer}.";
        return new PathLayer(
            Values($"{name}relation.weight"), Values($"{name}linear.weight"), Values($"{name}linear.bias"),
            Values($"{name}layer_norm.weight"), Values($"{name}layer_norm.bias"));
    }

    private ProjectedLayer EntityLayer(int layer)
    {
        string name = $"entity_model.layers.{layer}.";
        return new ProjectedLayer(
            Values($"{name}relation_projection.0.weight"), Values($"{name}relation_projection.0.bias"),
            Values($"{name}relation_projection.2.weight"), Values($"{name}relation_projection.2.bias"),
            Values($"{name}linear.weight"), Values($"{name}linear.bias"),
            Values($"{name}layer_norm.weight"), Values($"{name}layer_norm.bias"));
    }

    private float[] Values(string name) => _tensors[name].Values;
}
