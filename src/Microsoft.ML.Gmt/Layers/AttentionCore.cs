using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>The core of every attention: softmax(Q Kᵀ / √d + bias) V over [batch, heads, query, d], and the way into heads and
/// back.</summary>
/// <remarks>
/// <para><see cref="Attend"/> is ATen's fused operator: the self-attention of LLaMA and BERT. It shows no weights, and its dropout would
/// draw from the process-wide generator.</para>
/// <para>Where weights are dropped by a generator of our own or are asked for, <see cref="Scores"/> and <see cref="Weights"/> write it out:
/// the attention to the memory scales its queries; the attention to evidence scales the scores, which a whole batch shares, and then
/// gathers them row by row. Either place of the scale is kept, as the last bits depend on it.</para>
/// <para>Tensors made on the way belong to the caller's dispose scope.</para>
/// </remarks>
internal static class AttentionCore
{
    /// <summary>1 / √d.</summary>
    public static double Scale(long headSize) => 1 / Math.Sqrt(headSize);

    /// <summary>[…, tokens, heads · d] → [batch, heads, tokens, d], a view.</summary>
    public static Tensor SplitHeads(Tensor projected, long heads) =>
        projected.view(projected.size(0), projected.size(1), heads, -1).transpose(1, 2);

    /// <summary>[batch, heads, tokens, d] → [batch, tokens, heads · d].</summary>
    public static Tensor JoinHeads(Tensor attended) => attended.transpose(1, 2).flatten(2);

    /// <summary>Attends with the fused operator. Each key/value head serves heads / shared query heads (GQA, arXiv 2305.13245).</summary>
    /// <param name="query">[batch, heads, query, d].</param>
    /// <param name="key">[batch, shared, key, d]; shared divides heads.</param>
    /// <param name="value">The same shape.</param>
    /// <param name="mask">Added to the scores, [batch or 1, 1, query or 1, key]; or null.</param>
    /// <param name="causal">Without a mask: whether query i sees keys 0 … i only.</param>
    /// <returns>[batch, heads, query, d].</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool causal = false)
    {
        long heads = query.size(1), shared = key.size(1);
        if (query.size(2) > 1 || causal)
        {
            Tensor everyKey = Repeat(key, heads, shared), everyValue = Repeat(value, heads, shared);
            return nn.functional.scaled_dot_product_attention(query, everyKey, everyValue, mask, is_casual: causal);
        }

        // One query a row: the heads of a group become its queries, so shared keys and values need no copy.
        long batch = query.size(0), group = heads / shared;
        Tensor grouped = query.reshape(batch, shared, group, -1);
        Tensor? groupMask = mask?.expand(batch, 1, group, key.size(2));
        return nn.functional.scaled_dot_product_attention(grouped, key, value, groupMask).reshape(batch, heads, 1, -1);
    }

    /// <summary>Q Kᵀ, not scaled: [batch, heads, query, key].</summary>
    public static Tensor Scores(Tensor query, Tensor key) => query.matmul(key.transpose(-1, -2));

    /// <summary>softmax(scores + bias): how much each query attends to each key.</summary>
    /// <param name="scores">Scaled, [batch, heads, query, key].</param>
    /// <param name="bias">Broadcasts to the scores; or null.</param>
    public static Tensor Weights(Tensor scores, Tensor? bias = null) => (bias is null ? scores : scores.add(bias)).softmax(-1);

    // [batch, shared, key, d] → [batch, heads, key, d], each head repeated for its group.
    private static Tensor Repeat(Tensor of, long heads, long shared)
    {
        if (heads == shared)
        {
            return of;
        }

        long batch = of.size(0), length = of.size(2), headSize = of.size(3);
        return of.unsqueeze(2).expand(batch, shared, heads / shared, length, headSize).reshape(batch, heads, length, headSize);
    }
}
