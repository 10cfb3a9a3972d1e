namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// One layer of a path network: P[v] = B[v] + Σ X[u] ∘ w[k] over the edges (v receives from u over k), then
/// X[v] ← X[v] + relu(LayerNorm(W · [X[v]; P[v]] + b)). X is the state, B the start state.
/// </summary>
/// <param name="Labels">w, a vector for each label: [K, d].</param>
/// <param name="Linear">W; the first d columns meet the state, the others the messages: [d, 2 d].</param>
/// <param name="Bias">b: [d].</param>
/// <param name="NormScale">Scale of the layer norm: [d].</param>
/// <param name="NormShift">Shift of the layer norm: [d].</param>
internal sealed record PathLayer(float[] Labels, float[] Linear, float[] Bias, float[] NormScale, float[] NormShift)
{
    /// <summary>What the layer norm adds to the (biased) variance.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>d, the width of a state; a multiple of 16.</summary>
    public int Width => Bias.Length;
}
