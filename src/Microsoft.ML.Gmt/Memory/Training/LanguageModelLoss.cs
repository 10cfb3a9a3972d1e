using Microsoft.ML.Gmt.Llm;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Mean cross-entropy of the tokens that are labeled, computed only where it is needed.</summary>
/// <remarks>
/// Norm and head run at labeled positions alone, and the last layer from the first of them on. Below the first memory layer nothing has a
/// gradient, so nothing is kept for a backward pass there.
/// </remarks>
internal static class LanguageModelLoss
{
    /// <summary>Label of a token that is not to be predicted.</summary>
    public const int Ignored = -100;

    /// <param name="model">The frozen language model.</param>
    /// <param name="inputIds">[batch, query] int64, padding to the left.</param>
    /// <param name="attentionMask">[batch, query], 1 at tokens and 0 at padding; null: no padding.</param>
    /// <param name="labels">[batch, query] int64; a label belongs to its own token and is predicted one place before it. At least one is
    /// not ignored.</param>
    /// <param name="reader">The batch's memory.</param>
    /// <param name="below">
    /// What comes out of the layers below the memory, [batch, query, hidden], and how many these are. Default (null): it is computed.
    /// </param>
    /// <returns>A scalar.</returns>
    public static Tensor Of(
        LlamaModel model, Tensor inputIds, Tensor? attentionMask, Tensor labels, MemoryReader reader,
        (Tensor States, int Layers)? below = null)
    {
        using DisposeScope scope = NewDisposeScope();
        long length = inputIds.size(1);
        Tensor targets = labels.narrow(1, 1, length - 1);                                 // [batch, query − 1]
        Tensor places = targets.ne(Ignored).nonzero();                                    // [labeled, 2]: row, place
        long first = places.select(1, 1).min().item<long>();
        long kept = length - first;
        AttentionContext context = model.CreateContext(inputIds, attentionMask);
        (Tensor start, int from) = below ?? (model.Embed(inputIds), 0);
        Tensor hidden = model.RunLayers(start, context, from, hook: reader.Hook, keepLast: kept);           // [batch, kept, hidden]
        Tensor positions = places.select(1, 0).mul(kept).add(places.select(1, 1)).sub(first);               // [labeled]
        Tensor wanted = targets.reshape(-1).index_select(0, places.select(1, 0).mul(length - 1).add(places.select(1, 1)));
        return nn.functional.cross_entropy(model.LogitsAt(hidden, positions), wanted).MoveToOuterDisposeScope();
    }
}
