using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>What every layer's attention needs to know of one forward pass: positions, who sees whom, and the cache. Made once by
/// <see cref="LlamaModel.CreateContext"/>.</summary>
/// <remarks>Its tensors belong to the dispose scope that was open when it was made.</remarks>
internal sealed class AttentionContext
{
    /// <summary>Added to the score of a pair that must not see each other. Finite, so that a row that sees nothing stays finite too; far
    /// below any score, so that its weight is exactly zero wherever something is visible. Exists in fp32 and bf16 alike.</summary>
    public const double Hidden = -1e30;

    /// <summary>The same for a key that comes after its query: hidden even from queries that see nothing, so that those at padding spread
    /// over the padding before them, as in Hugging Face's models. A text's first token is predicted there.</summary>
    public const double Later = 2 * Hidden;

    public AttentionContext(Tensor cosine, Tensor signedSine, Tensor? mask, bool causal, KeyValueCache? cache)
    {
        Cosine = cosine;
        SignedSine = signedSine;
        Mask = mask;
        Causal = causal;
        Cache = cache;
    }

    /// <summary>Cosines of the rotary angles, [batch or 1, 1, query, head size].</summary>
    public Tensor Cosine { get; }

    /// <summary>Sines of the rotary angles, the first half negated, [batch or 1, 1, query, head size].</summary>
    public Tensor SignedSine { get; }

    /// <summary>Added to the attention scores, [batch or 1, 1, query, key]; null where <see cref="Causal"/> says it all.</summary>
    public Tensor? Mask { get; }

    /// <summary>Without a mask: whether query i sees keys 0 … i only (else it sees all of them).</summary>
    public bool Causal { get; }

    /// <summary>Keys and values of earlier tokens, to which this pass adds its own; or null.</summary>
    public KeyValueCache? Cache { get; }

    /// <summary>The same pass seen by its last queries only; the keys stay all of them.</summary>
    /// <param name="query">Queries of this pass.</param>
    /// <param name="count">How many of them to keep.</param>
    public AttentionContext Last(long query, long count)
    {
        if (count == query)
        {
            return this;
        }

        Tensor Tail(Tensor rows) => rows.narrow(2, query - count, count);

        // Of causal queries without a mask the last one sees all keys; several need to be told apart.
        Tensor? mask = Mask is not null ? Tail(Mask) : Causal && count > 1 ? CausalMask(query, count) : null;
        return new AttentionContext(Tail(Cosine), Tail(SignedSine), mask, causal: false, Cache);
    }

    /// <summary>[1, 1, count, query].</summary>
    private Tensor CausalMask(long query, long count) =>
        torch.full([count, query], Hidden, dtype: Cosine.dtype, device: Cosine.device).triu_(query - count + 1).unsqueeze(0).unsqueeze(0);
}
