using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// LayerNorm(x + drop(W₂ drop(gelu(W₁ x + b₁)) + b₂)) in training: between the matrix products one pass over memory forward and one back,
/// without stored masks.
/// </summary>
/// <remarks>
/// <para>GELU's error function is Abramowitz and Stegun's 7.1.26, off by at most 1.5e-7: as much as fp32 rounds where it is near 1.</para>
/// <para>The way back writes over what was kept for it: autograd refuses to go it twice.</para>
/// </remarks>
internal sealed class FeedForward : autograd.SingleTensorFunction<FeedForward>
{
    private const string Draw = "draw";

    /// <inheritdoc/>
    public override string Name => nameof(FeedForward);

    /// <summary>[rows, d] → [rows, d].</summary>
    /// <param name="x">[rows, d].</param>
    /// <param name="expansion">W₁ and b₁, d → m.</param>
    /// <param name="contraction">W₂ and b₂, m → d.</param>
    /// <param name="norm">The normalization.</param>
    /// <param name="inner">The mask of the m inner values, with a key for each row.</param>
    /// <param name="outer">The mask of what is added to x, with a key for each row.</param>
    public static Tensor Apply(
        Tensor x, Linear expansion, Linear contraction, LayerNorm norm, DropoutDraw inner, DropoutDraw outer) => apply(
        x, expansion.Weight, expansion.Bias!, contraction.Weight, contraction.Bias!, norm.Weight, norm.Bias, (float)norm.Epsilon, inner,
        outer);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        var (x, expansion, contraction, scale) = (((Tensor)vars[0]).contiguous(), (Tensor)vars[1], (Tensor)vars[3], (Tensor)vars[5]);
        Tensor derivatives = x.mm(expansion.t());                                                    // [rows, m], values as yet
        Tensor activations = RowPasses.Gelu((DropoutDraw)vars[8], (Tensor)vars[2], derivatives);     // [rows, m]
        Tensor contracted = activations.mm(contraction.t());                                         // [rows, d]
        (Tensor output, Tensor inverse) = RowPasses.AddNorm(
            (DropoutDraw)vars[9], x, contracted, (Tensor)vars[4], scale, (Tensor)vars[6], (float)vars[7], contracted);

        // Stored only after this returns: they must outlive the scope.
        ctx.save_for_backward(
        [
            x.MoveToOuterDisposeScope(), expansion, contraction, scale, activations.MoveToOuterDisposeScope(),
            derivatives.MoveToOuterDisposeScope(), contracted.MoveToOuterDisposeScope(), inverse.MoveToOuterDisposeScope(),
        ]);
        ctx.save_data(Draw, vars[9]);
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        using var scope = NewDisposeScope();
        var (x, expansion, contraction, scale, activations, derivatives) = (saved[0], saved[1], saved[2], saved[3], saved[4], saved[5]);
        (Tensor ofX, Tensor given, Tensor ofOuterBias, Tensor ofScale, Tensor ofShift) = RowPasses.AddNormBack(
            (DropoutDraw)ctx.get_data(Draw), grad_output.contiguous(), saved[6], saved[7], scale);   // [rows, d]
        Tensor ofContraction = given.t().mm(activations);
        Tensor inner = activations.addmm_(given, contraction, beta: 0, alpha: 1);                    // [rows, m], into memory at hand
        Tensor ofInnerBias = RowPasses.GeluBack(derivatives, inner);
        Tensor ofExpansion = inner.t().mm(x);
        ofX.addmm_(inner, expansion, beta: 1, alpha: 1);
        return
        [
            ofX.MoveToOuterDisposeScope(), ofExpansion.MoveToOuterDisposeScope(), ofInnerBias.MoveToOuterDisposeScope(),
            ofContraction.MoveToOuterDisposeScope(), ofOuterBias.MoveToOuterDisposeScope(), ofScale.MoveToOuterDisposeScope(),
            ofShift.MoveToOuterDisposeScope(), null!, null!, null!,
        ];
    }
}
