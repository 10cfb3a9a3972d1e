using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Multi-head attention over a single key, under the parameter names of PyTorch's <c>nn.MultiheadAttention</c>.
/// </summary>
/// <remarks>
/// The softmax over one key is 1, so the output is Wo (Wv c + bv) + bo whatever query and key are. Their rows of the stacked projections
/// exist for the checkpoint's sake and have no gradient.
/// </remarks>
internal sealed class SingleKeyAttention : PackedAttention
{
    /// <param name="source">Gives the parameters.</param>
    /// <param name="path">Full name of the attention.</param>
    /// <param name="width">d.</param>
    /// <param name="heads">Into how many heads d is split.</param>
    public SingleKeyAttention(ParameterSource source, string path, int width, int heads)
        : base(nameof(SingleKeyAttention), source, path, width, heads)
    {
    }

    /// <summary>
    /// The attention's output for each state, [states, d], but for a bias [d] that is to be added. The map is linear in the
    /// context, so relation vectors are projected once and the projections averaged.
    /// </summary>
    /// <param name="contexts">Takes relation vectors to each state's mean context: [states, relations].</param>
    /// <param name="relations">[relations, d].</param>
    /// <param name="heads">The mask of heads, with a key for each state.</param>
    public (Tensor Attended, Tensor Bias) Attend(SparseMatrix contexts, Tensor relations, DropoutDraw heads)
    {
        Tensor valueWeight = InputWeight(2);
        Tensor valueBias = InputBias(2);
        Tensor values = relations.mm(valueWeight.t());                                           // [relations, d]
        if (!heads.Drops)
        {
            Tensor constant = nn.functional.linear(valueBias, _output.Weight, _output.Bias);     // [d]
            return (SparseProduct.Multiply(contexts, values.mm(_output.Weight.t())), constant);
        }

        // A dropped head is a weight of 0: still linear, with a projection of every relation, and of the bias, for every head.
        Tensor byHead = cat([values, valueBias.unsqueeze(0)], dim: 0)
            .view(-1, Heads, Width / Heads).transpose(0, 1);                                     // [heads, relations + 1, d / heads]
        Tensor outward = _output.Weight.view(Width, Heads, Width / Heads).permute(1, 2, 0);      // [heads, d / heads, d]
        Tensor projected = byHead.bmm(outward);                                                  // [heads, relations + 1, d]
        Tensor withSum = cat([projected, projected.sum([0L], keepdim: true)], dim: 0).view(-1, Width);
        using Tensor shares = empty([heads.RowKeys.Length, Heads], ScalarType.Float32, CPU);
        RowPasses.FillMask(heads, shares);
        float[] weights = shares.numel() == 0 ? [] : shares.data<float>().ToArray(); // TorchSharp's ToArray throws where there is nothing
        return (SparseProduct.Multiply(contexts.PerHead(weights, Heads), withSum), _output.Bias!);
    }
}
