using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A path network as a function that autograd knows, whatever kernel runs it.</summary>
/// <remarks>An exception in the backward pass would end the process: <see cref="PathOperator"/> checks everything before.</remarks>
internal sealed class PathFunction : autograd.SingleTensorFunction<PathFunction>
{
    private const string Call = "call";

    /// <inheritdoc/>
    public override string Name => nameof(PathFunction);

    /// <summary>Runs a batch.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="parameters">The weights.</param>
    /// <param name="batch">The queries.</param>
    public static Tensor Run(IPathGradientKernel kernel, PathParameters parameters, PathBatch batch) =>
        apply([.. parameters.Present(), batch.Vectors, batch.Labels, new Recorded(kernel, parameters, batch)]);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var call = (Recorded)vars[^1];
        List<Tensor> tensors = [.. vars[..^1].Cast<Tensor>()];
        ctx.save_for_backward(tensors);
        ctx.save_data(Call, call);
        (PathParameters parameters, PathBatch batch) = call.Of(tensors);
        return call.Kernel.Forward(parameters, batch);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var call = (Recorded)ctx.get_data(Call);
        (PathParameters parameters, PathBatch batch) = call.Of(ctx.get_saved_variables());
        return [.. call.Kernel.Backward(parameters, batch, grad_output), null!];
    }

    private sealed record Recorded(IPathGradientKernel Kernel, PathParameters Parameters, PathBatch Batch)
    {
        public (PathParameters Parameters, PathBatch Batch) Of(List<Tensor> tensors) =>
            (Parameters.With(tensors.ToArray()), Batch with { Vectors = tensors[^2], Labels = tensors[^1] });
    }
}
