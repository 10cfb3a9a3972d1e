using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Changes the residual stream between the attention and the feed-forward half of a layer.</summary>
/// <param name="layer">Layer, from 0.</param>
/// <param name="hidden">Output of the attention half, [batch, query, hidden]. Rows are the batch's rows in order, in every pass of a
/// decoder; the model's last layer may be computed for the last tokens of each row only, so that query is smaller there.</param>
/// <param name="context">The pass's positions, mask and cache.</param>
/// <returns>The tensor to go on with, of the same shape: <paramref name="hidden"/> itself where the layer is to stay as it is, or a new
/// one.</returns>
internal delegate Tensor AttentionHook(int layer, Tensor hidden, AttentionContext context);
