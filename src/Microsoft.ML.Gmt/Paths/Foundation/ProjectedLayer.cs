namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// A layer of the entity network, whose label vectors come from the relations' representations: w[k] = V₂ relu(V₁ Z[k] + c₁) + c₂.
/// </summary>
/// <param name="First">V₁: [d, d].</param>
/// <param name="FirstBias">c₁: [d].</param>
/// <param name="Second">V₂: [d, d].</param>
/// <param name="SecondBias">c₂: [d].</param>
/// <param name="Linear">W, see <see cref="PathLayer"/>: [d, 2 d].</param>
/// <param name="Bias">b: [d].</param>
/// <param name="NormScale">Scale of the layer norm: [d].</param>
/// <param name="NormShift">Shift of the layer norm: [d].</param>
internal sealed record ProjectedLayer(
    float[] First, float[] FirstBias, float[] Second, float[] SecondBias, float[] Linear, float[] Bias, float[] NormScale,
    float[] NormShift)
{
    /// <summary>The layer for relations that are represented in some way.</summary>
    /// <param name="relations">Z: [labels, d].</param>
    public PathLayer Project(ReadOnlySpan<float> relations)
    {
        int width = Bias.Length;
        float[] hidden = new float[relations.Length], labels = new float[relations.Length];
        DenseProduct.Affine(relations, First, FirstBias, hidden, width);
        foreach (ref float value in hidden.AsSpan())
        {
            value = Math.Max(value, 0);
        }

        DenseProduct.Affine(hidden, Second, SecondBias, labels, width);
        return new PathLayer(labels, Linear, Bias, NormScale, NormShift);
    }
}
