using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>LayerNorm(x + drop(y + c)) in training: one pass over memory forward and one back, without a stored mask.</summary>
internal sealed class DroppedSumNorm : autograd.SingleTensorFunction<DroppedSumNorm>
{
    private const string Draw = "draw";

    /// <inheritdoc/>
    public override string Name => nameof(DroppedSumNorm);

    /// <summary>[rows, d] from two tensors [rows, d].</summary>
    /// <param name="x">[rows, d].</param>
    /// <param name="y">[rows, d].</param>
    /// <param name="yBias">c, [d].</param>
    /// <param name="norm">The normalization.</param>
    /// <param name="draw">The mask of y, with a key for each row.</param>
    public static Tensor Apply(Tensor x, Tensor y, Tensor yBias, LayerNorm norm, DropoutDraw draw) =>
        apply(x, y, yBias, norm.Weight, norm.Bias, (float)norm.Epsilon, draw);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        var (weight, draw) = ((Tensor)vars[3], (DropoutDraw)vars[6]);
        Tensor x = ((Tensor)vars[0]).contiguous(), normalized = empty_like(x);
        (Tensor output, Tensor inverse) = RowPasses.AddNorm(
            draw, x, ((Tensor)vars[1]).contiguous(), ((Tensor)vars[2]).contiguous(), weight,
            (Tensor)vars[4], (float)vars[5], normalized);

        // Stored only after this returns: they must outlive the scope.
        ctx.save_for_backward([normalized.MoveToOuterDisposeScope(), inverse.MoveToOuterDisposeScope(), weight]);
        ctx.save_data(Draw, draw);
        return output.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        using var scope = NewDisposeScope();
        (Tensor x, Tensor y, Tensor yBias, Tensor weight, Tensor bias) = RowPasses.AddNormBack(
            (DropoutDraw)ctx.get_data(Draw), grad_output.contiguous(), saved[0], saved[1], saved[2]);
        Tensor ofX = x.MoveToOuterDisposeScope();
        return
        [
            ofX, ReferenceEquals(x, y) ? ofX : y.MoveToOuterDisposeScope(), yBias.MoveToOuterDisposeScope(),
            weight.MoveToOuterDisposeScope(), bias.MoveToOuterDisposeScope(), null!, null!,
        ];
    }
}
