using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// W₂ drop(gelu(W₁ x + b₁)) in training: between the matrix products one pass over memory forward and one back, without a stored mask.
/// </summary>
/// <remarks>
/// <para>b₂ is left to <see cref="DroppedSumNorm"/>, which passes over the result anyway.</para>
/// <para>GELU's error function is Abramowitz and Stegun's 7.1.26, off by at most 1.5e-7: as much as fp32 rounds where it is near 1.</para>
/// <para>The way back writes over what was kept for it: autograd refuses to go it twice.</para>
/// </remarks>
internal sealed class FeedForward : autograd.SingleTensorFunction<FeedForward>
{
    /// <inheritdoc/>
    public override string Name => nameof(FeedForward);

    /// <summary>[rows, d] → [rows, d].</summary>
    /// <param name="x">[rows, d].</param>
    /// <param name="expansion">W₁ and b₁, d → m.</param>
    /// <param name="contraction">W₂, m → d.</param>
    /// <param name="draw">The mask of the inner values, with a key for each row.</param>
    public static Tensor Apply(Tensor x, Linear expansion, Tensor contraction, DropoutDraw draw) =>
        apply(x, expansion.Weight, expansion.Bias!, contraction, draw);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        var (x, expansion, contraction) = (((Tensor)vars[0]).contiguous(), (Tensor)vars[1], (Tensor)vars[3]);
        Tensor derivatives = x.mm(expansion.t());                                                    // [rows, m], values as yet
        Tensor activations = RowPasses.Gelu((DropoutDraw)vars[4], (Tensor)vars[2], derivatives);     // [rows, m]

        // Stored only after this returns: they must outlive the scope.
        ctx.save_for_backward(
        [
            x.MoveToOuterDisposeScope(), expansion, contraction, activations.MoveToOuterDisposeScope(),
            derivatives.MoveToOuterDisposeScope(),
        ]);
        return activations.mm(contraction.t()).MoveToOuterDisposeScope();                            // [rows, d]
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        using var scope = NewDisposeScope();
        var (x, expansion, contraction, activations, derivatives) = (saved[0], saved[1], saved[2], saved[3], saved[4]);
        Tensor gradient = grad_output.contiguous();                                                  // [rows, d]
        Tensor ofContraction = gradient.t().mm(activations);
        Tensor inner = activations.addmm_(gradient, contraction, beta: 0, alpha: 1);                 // [rows, m], into memory at hand
        Tensor ofBias = RowPasses.GeluBack(derivatives, inner);
        return
        [
            inner.mm(expansion).MoveToOuterDisposeScope(), inner.t().mm(x).MoveToOuterDisposeScope(),
            ofBias.MoveToOuterDisposeScope(), ofContraction.MoveToOuterDisposeScope(), null!,
        ];
    }
}
