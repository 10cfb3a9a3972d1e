namespace Microsoft.ML.Gmt.Paths;

/// <summary>The weights of a path model: how label vectors come from what is asked, and what all queries share. Immutable.</summary>
/// <param name="origin">Where the weights come from.</param>
internal abstract class PathModel(PathModelOrigin origin)
{
    /// <summary>Where the weights come from, as far as known.</summary>
    public PathModelOrigin Origin { get; } = origin;

    /// <summary>d, the width of states.</summary>
    public abstract int Width { get; }

    /// <summary>How many layers the entity network has.</summary>
    public abstract int LayerCount { get; }

    /// <summary>What scores an entity.</summary>
    public abstract PathReadout Readout { get; }

    /// <summary>The weights by name.</summary>
    public abstract IEnumerable<KeyValuePair<string, PathTensor>> Tensors { get; }

    /// <summary>How many numbers the weights are.</summary>
    public int ParameterCount => Tensors.Sum(pair => pair.Value.Values.Length);

    /// <summary>What queries over a label share a condition with: those of equal keys have the same label vectors.</summary>
    /// <param name="label">The relation for (e, r, ?), the relation + R for (?, r, e).</param>
    /// <param name="relations">R.</param>
    public abstract int KeyOf(int label, int relations);

    /// <summary>Lays the model out over a graph.</summary>
    /// <param name="entities">The edges between entities.</param>
    public abstract IPathConditions Over(MessageGraph entities);
}
