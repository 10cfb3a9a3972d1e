using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Derives positions and visibility from the attention mask as Hugging Face does: positions = cumsum(mask) − 1, and 1 under
/// padding.</summary>
internal sealed class AttentionContextBuilder(RotaryEmbedding rotary, ScalarType dtype)
{
    public AttentionContext Build(Tensor inputIds, Tensor? attentionMask, KeyValueCache? cache)
    {
        using DisposeScope scope = NewDisposeScope();
        Device device = inputIds.device;
        long query = inputIds.size(1);
        long past = cache?.Length ?? 0;
        Tensor? visible = Visible(inputIds, attentionMask, cache, past);
        if (visible is null)
        {
            Tensor positions = arange(past, past + query, dtype: ScalarType.Int64, device: device).unsqueeze(0);
            bool causal = past == 0 && query > 1;
            Tensor? offset = past > 0 && query > 1 ? Additive(LaterThan(query, past, device)).unsqueeze(0).unsqueeze(0) : null;
            return Finish(positions, offset, causal, cache);
        }

        cache?.Remember(visible);
        Tensor counted = visible.cumsum(1).sub_(1).masked_fill_(visible.logical_not(), 1).narrow(1, past, query);
        Tensor unseen = visible.logical_not().unsqueeze(1).unsqueeze(1); // [batch, 1, 1, key]
        Tensor mask = query == 1 ? Additive(unseen)
            : Additive(unseen.expand(-1, -1, query, -1)).masked_fill_(LaterThan(query, past, device), AttentionContext.Later);
        return Finish(counted, mask, causal: false, cache);
    }

    /// <summary>A context with positions and visibility of the caller's own.</summary>
    /// <param name="positions">[batch, query], int64.</param>
    /// <param name="hidden">[batch, 1, query, key] bool, true where a query must not see a key; keys of the cache first.</param>
    /// <param name="cache">Earlier tokens, or null.</param>
    public AttentionContext BuildFrom(Tensor positions, Tensor hidden, KeyValueCache? cache)
    {
        using DisposeScope scope = NewDisposeScope();
        return Finish(positions, Additive(hidden), causal: false, cache);
    }

    private AttentionContext Finish(Tensor positions, Tensor? mask, bool causal, KeyValueCache? cache)
    {
        (Tensor cosine, Tensor signedSine) = rotary.Angles(positions, dtype);
        return new AttentionContext(
            cosine.MoveToOuterDisposeScope(), signedSine.MoveToOuterDisposeScope(), mask?.MoveToOuterDisposeScope(), causal, cache);
    }

    /// <summary>[batch, past + query] bool, or null where no token so far is padding.</summary>
    private static Tensor? Visible(Tensor inputIds, Tensor? attentionMask, KeyValueCache? cache, long past)
    {
        Tensor? added = attentionMask?.ne(0);
        if (added is not null && (added.size(0) != inputIds.size(0) || added.size(1) != inputIds.size(1)))
        {
            throw new ArgumentException(
                $"The attention mask is [{string.Join(", ", added.shape)}]; expected the shape of the token ids, " +
                $"[{string.Join(", ", inputIds.shape)}] (new tokens only, the cache remembers the earlier ones).", nameof(attentionMask));
        }

        if (cache?.Visible is null && (added is null || added.all().item<bool>()))
        {
            return null;
        }

        added ??= ones_like(inputIds, dtype: ScalarType.Bool);
        if (past == 0)
        {
            return added;
        }

        Tensor earlier = cache?.Visible ?? ones([inputIds.size(0), past], dtype: ScalarType.Bool, device: inputIds.device);
        return cat([earlier, added], 1);
    }

    /// <summary>[query, past + query] bool, true where a key comes after its query.</summary>
    private static Tensor LaterThan(long query, long past, Device device) =>
        ones([query, past + query], dtype: ScalarType.Bool, device: device).triu(past + 1);

    private Tensor Additive(Tensor hidden) => zeros_like(hidden, dtype: dtype).masked_fill_(hidden, AttentionContext.Hidden);
}
