namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// One layer of a path network: P[v] = B[v] + Σ X[u] ∘ w[k] over the edges (v receives from u over k), then
/// X[v] ← X[v] + relu(LayerNorm(W · [X[v]; P[v]] + b)). X is the state, B the start state. With scales by degree, P[v] is multiplied by
/// a₀ + a₁ / √deg(v) + a₂ / deg(v), where deg(v) is how many edges v receives over, at least 1; those that a query removes do not count.
/// </summary>
/// <param name="Labels">w, a vector for each label: [K, d].</param>
/// <param name="Linear">W; the first d columns meet the state, the others the messages: [d, 2 d].</param>
/// <param name="Bias">b: [d].</param>
/// <param name="NormScale">Scale of the layer norm: [d].</param>
/// <param name="NormShift">Shift of the layer norm: [d].</param>
/// <param name="DegreeScale">a: [3, d]; null for no factor.</param>
internal sealed record PathLayer(
    float[] Labels, float[] Linear, float[] Bias, float[] NormScale, float[] NormShift, float[]? DegreeScale = null)
{
    /// <summary>What the layer norm adds to the (biased) variance.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>d, the width of a state; a multiple of 16.</summary>
    public int Width => Bias.Length;

    /// <summary>Multiplies the messages of a node by its factor.</summary>
    /// <param name="scale">a: [3, d].</param>
    /// <param name="degree">deg(v).</param>
    /// <param name="messages">P[v]: [d].</param>
    public static void ScaleByDegree(ReadOnlySpan<float> scale, int degree, Span<float> messages)
    {
        int width = messages.Length;
        float root = 1 / MathF.Sqrt(Math.Max(degree, 1)), inverse = root * root;
        for (int i = 0; i < width; i++)
        {
            messages[i] *= scale[i] + (root * scale[width + i]) + (inverse * scale[(2 * width) + i]);
        }
    }
}
