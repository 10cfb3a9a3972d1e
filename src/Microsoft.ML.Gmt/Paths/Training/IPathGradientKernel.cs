using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// Runs a batch of queries through a path network, and back. It records nothing for autograd: <see cref="PathFunction"/> does.
/// </summary>
internal interface IPathGradientKernel : IDisposable
{
    /// <summary>The scores of all nodes, [B, N], or without a readout the states after the last layer, [B, N, d].</summary>
    /// <param name="parameters">The weights, of whatever needs gradients.</param>
    /// <param name="batch">The queries.</param>
    public Tensor Forward(PathParameters parameters, PathBatch batch);

    /// <summary>
    /// The gradients of parameters in the order of <see cref="PathParameters.Present"/>, then those of the start vectors and of the labels.
    /// </summary>
    /// <param name="parameters">As they were.</param>
    /// <param name="batch">As it was.</param>
    /// <param name="gradient">That of what the forward pass gave, in its shape.</param>
    public IReadOnlyList<Tensor> Backward(PathParameters parameters, PathBatch batch, Tensor gradient);
}
