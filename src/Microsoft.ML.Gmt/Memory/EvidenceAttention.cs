using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Multi-head attention from queries that all rows share to edge states, under the parameter names of PyTorch's
/// <c>nn.MultiheadAttention</c>.</summary>
/// <remarks>
/// Queries and states are projected once for the whole batch, and scored against each other once; only softmax and the weighted sum are per
/// row.
/// </remarks>
internal sealed class EvidenceAttention : PackedAttention
{
    /// <param name="source">Gives the parameters.</param>
    /// <param name="path">Full name of the attention.</param>
    /// <param name="width">d.</param>
    /// <param name="heads">Into how many heads d is split.</param>
    public EvidenceAttention(ParameterSource source, string path, int width, int heads)
        : base(nameof(EvidenceAttention), source, path, width, heads)
    {
    }

    /// <summary>What each query gathers from each row's evidence.</summary>
    /// <param name="queries">[memory, d].</param>
    /// <param name="states">The batch's distinct edge states, [states, d].</param>
    /// <param name="layout">Which row has which.</param>
    /// <returns>[batch, memory, d]; meaningless in rows without evidence.</returns>
    public Tensor Attend(Tensor queries, Tensor states, EvidenceLayout layout)
    {
        Tensor weights = Weights(queries, states, layout);                                       // [batch, heads, memory, longest]
        (long batch, long longest) = (weights.size(0), weights.size(-1));
        Tensor values = Project(states, 2).index_select(0, layout.Places).view(batch, longest, Width);
        Tensor attended = weights.matmul(AttentionCore.SplitHeads(values, Heads));               // [batch, heads, memory, d / heads]
        return _output.call(AttentionCore.JoinHeads(attended));
    }

    /// <summary>How much each query attends to each distinct state of a row, all edges of the state together: [batch, heads, memory,
    /// longest].</summary>
    public Tensor Weights(Tensor queries, Tensor states, EvidenceLayout layout)
    {
        (long batch, long longest) = (layout.Bias.size(0), layout.Bias.size(-1));
        Tensor query = ByHead(Project(queries, 0));                                              // [heads, memory, d / heads]
        Tensor key = ByHead(Project(states, 1));                                                 // [heads, states, d / heads]
        Tensor scores = AttentionCore.Scores(query, key).mul(AttentionCore.Scale(Width / Heads)); // [heads, memory, states]
        Tensor placed = scores.index_select(2, layout.Places).view(Heads, -1, batch, longest);
        return AttentionCore.Weights(placed.permute(2, 0, 1, 3), layout.Bias);
    }

    /// <param name="input">[rows, d].</param>
    /// <param name="part">0 for the query projection, 1 for the key's, 2 for the value's.</param>
    private Tensor Project(Tensor input, int part) =>
        nn.functional.linear(input, InputWeight(part), InputBias(part));

    private Tensor ByHead(Tensor projected) => projected.view(projected.size(0), Heads, -1).transpose(0, 1);
}
