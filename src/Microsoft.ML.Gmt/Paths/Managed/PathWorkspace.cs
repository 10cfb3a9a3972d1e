namespace Microsoft.ML.Gmt.Paths;

/// <summary>The memory of one query, used again by the next on whatever thread.</summary>
internal sealed class PathWorkspace(MessageGraph graph, int layerCount, int width, int hiddenWidth)
{
    /// <summary>What it was made for.</summary>
    public (int Layers, int Width, int Hidden) Sizes => (layerCount, width, hiddenWidth);

    /// <summary>What the query changes.</summary>
    public PathReach Reach { get; } = new(graph, layerCount);

    /// <summary>The query's own states before a layer: [nodes, d].</summary>
    public AlignedFloats Before { get; private set; } = new(checked(graph.NodeCount * width));

    /// <summary>The query's own states after a layer: [nodes, d].</summary>
    public AlignedFloats After { get; private set; } = new(checked(graph.NodeCount * width));

    /// <summary>The messages of the rows that are computed together: [4, d].</summary>
    public AlignedFloats Messages { get; } = new(RowProduct.Rows * width);

    /// <summary>What a matrix makes of these rows: [4, max(d, h)].</summary>
    public AlignedFloats Products { get; } = new(RowProduct.Rows * Math.Max(width, hiddenWidth));

    /// <summary>What the query adds to the readout's hidden layer: [h].</summary>
    public AlignedFloats HiddenBias { get; } = new(hiddenWidth);

    /// <summary>Room for the edges of one receiver without those that are removed.</summary>
    public EdgeBuffer Edges { get; } = new();

    /// <summary>The states after the layer become those before the next.</summary>
    public void Swap() => (Before, After) = (After, Before);
}
