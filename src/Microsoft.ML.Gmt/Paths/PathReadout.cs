namespace Microsoft.ML.Gmt.Paths;

/// <summary>The score of a node after the last layer: s(v) = m₂ · relu(M₁ [X[v]; z] + a₁) + a₂, z being the query's vector.</summary>
/// <param name="Hidden">M₁; the first d columns meet the state, the others the query's vector: [h, 2 d].</param>
/// <param name="HiddenBias">a₁: [h]; h is a multiple of 16.</param>
/// <param name="Output">m₂: [h].</param>
/// <param name="OutputBias">a₂.</param>
internal sealed record PathReadout(float[] Hidden, float[] HiddenBias, float[] Output, float OutputBias)
{
    /// <summary>h, the width of the hidden layer.</summary>
    public int HiddenWidth => HiddenBias.Length;
}
