namespace Microsoft.ML.Gmt.Paths;

/// <summary>A <see cref="PathLayer"/> as the managed kernel reads it.</summary>
internal sealed class PackedLayer(PathLayer layer)
{
    /// <summary>w: [K, d].</summary>
    public AlignedFloats Labels { get; } = new(layer.Labels);

    /// <summary>Wᵀ, the rows that meet the state and then those that meet the messages: [2 d, d].</summary>
    public AlignedFloats Linear { get; } = AlignedFloats.Transpose(layer.Linear, 2 * layer.Width);

    /// <summary>b: [d].</summary>
    public AlignedFloats Bias { get; } = new(layer.Bias);

    /// <summary>Scale of the layer norm: [d].</summary>
    public AlignedFloats NormScale { get; } = new(layer.NormScale);

    /// <summary>Shift of the layer norm: [d].</summary>
    public AlignedFloats NormShift { get; } = new(layer.NormShift);

    /// <summary>a, by which degrees scale messages: [3, d]; null for no such factor.</summary>
    public float[]? DegreeScale { get; } = layer.DegreeScale;
}
