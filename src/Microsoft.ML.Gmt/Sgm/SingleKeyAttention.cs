using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Multi-head attention over a single key, under the parameter names of PyTorch's <c>nn.MultiheadAttention</c>.
/// </summary>
/// <remarks>
/// The softmax over one key is 1, so the output is Wo (Wv c + bv) + bo whatever query and key are. Their rows of
/// <see cref="InputWeight"/> and <see cref="InputBias"/> exist for the checkpoint's sake and have no gradient.
/// </remarks>
public sealed class SingleKeyAttention : nn.Module
{
    [ComponentName(Name = "in_proj_weight")]
    private readonly Parameter _inputWeight;

    [ComponentName(Name = "in_proj_bias")]
    private readonly Parameter _inputBias;

    [ComponentName(Name = "out_proj")]
    private readonly AffineMap _output;

    private readonly int _width;
    private readonly int _heads;

    internal SingleKeyAttention(int width, int heads, Generator generator) : base(nameof(SingleKeyAttention))
    {
        (_width, _heads) = (width, heads);
        double bound = Math.Sqrt(6.0 / (4 * width)); // Xavier uniform over the stacked matrix [3 d, d]
        _inputWeight = new Parameter(empty(3 * width, width).uniform_(-bound, bound, generator));
        _inputBias = new Parameter(zeros(3 * width));
        _output = new AffineMap(width, width, generator);
        using (no_grad())
        {
            _output.Bias.zero_();
        }

        RegisterComponents();
    }

    /// <summary>Query, key and value projections, stacked: [3 d, d].</summary>
    public Parameter InputWeight => _inputWeight;

    /// <summary>Their biases, stacked: [3 d].</summary>
    public Parameter InputBias => _inputBias;

    /// <summary>The output projection.</summary>
    public AffineMap Output => _output;

    /// <summary>
    /// The attention's output for each state, [states, d]. The map is linear in the context, so relation vectors are projected once and the
    /// projections averaged.
    /// </summary>
    /// <param name="contexts">Takes relation vectors to each state's mean context: [states, relations].</param>
    /// <param name="relations">[relations, d].</param>
    /// <param name="headMask">1 / (1 − p) or 0 for each state and head, [states, heads]; null without dropout.</param>
    internal Tensor Attend(SparseMatrix contexts, Tensor relations, Tensor? headMask)
    {
        Tensor valueWeight = _inputWeight.narrow(0, 2 * _width, _width);
        Tensor valueBias = _inputBias.narrow(0, 2 * _width, _width);
        Tensor values = relations.mm(valueWeight.t());                                           // [relations, d]
        if (headMask is null)
        {
            Tensor constant = nn.functional.linear(valueBias, _output.Weight, _output.Bias);     // [d]
            return SparseProduct.Multiply(contexts, values.mm(_output.Weight.t())) + constant;   // [states, d]
        }

        // A dropped head is a weight of 0: still linear, with a projection of every relation, and of the bias, for every head.
        Tensor byHead = cat([values, valueBias.unsqueeze(0)], dim: 0).view(-1, _heads, _width / _heads).transpose(0, 1);   // [heads, relations + 1, d / heads]
        Tensor outward = _output.Weight.view(_width, _heads, _width / _heads).permute(1, 2, 0);                            // [heads, d / heads, d]
        Tensor projected = byHead.bmm(outward).view(-1, _width);                                                           // [heads · (relations + 1), d]
        using var mask = headMask.cpu();
        return SparseProduct.Multiply(contexts.PerHead(mask.data<float>().ToArray(), _heads), projected) + _output.Bias;   // [states, d]
    }
}
