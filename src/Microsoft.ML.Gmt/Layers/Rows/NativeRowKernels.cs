using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>The kernels of <c>libGmtNative</c>.</summary>
/// <param name="instructions">The instructions that their loops use.</param>
internal sealed unsafe class NativeRowKernels(NativeInstructions instructions) : IRowKernels
{
    /// <inheritdoc/>
    public void FillMask(RowDropout dropout, int rows, int width, float* mask) =>
        NativeKernels.FillMask(instructions, dropout, rows, width, mask);

    /// <inheritdoc/>
    public void Gelu(RowDropout dropout, int rows, int width, float* bias, float* values, float* activations) =>
        NativeKernels.Gelu(instructions, dropout, rows, width, bias, values, activations);

    /// <inheritdoc/>
    public void GeluBack(int rows, int width, float* derivatives, float* gradients, float* columnSums) =>
        NativeKernels.GeluBack(instructions, rows, width, derivatives, gradients, columnSums);

    /// <inheritdoc/>
    public void AddNorm(
        RowDropout dropout, int rows, int width, float* x, float* y, float* yBias, float* weight, float* bias, float epsilon,
        float* normalized, float* inverse, float* output) =>
        NativeKernels.AddNorm(instructions, dropout, rows, width, x, y, yBias, weight, bias, epsilon, normalized, inverse, output);

    /// <inheritdoc/>
    public void AddNormBack(
        RowDropout dropout, int rows, int width, float* gradients, float* normalized, float* inverse, float* weight, float* xGradients,
        float* yGradients, float* yBiasSums, float* weightSums, float* biasSums) =>
        NativeKernels.AddNormBack(
            instructions, dropout, rows, width, gradients, normalized, inverse, weight, xGradients, yGradients, yBiasSums,
            weightSums, biasSums);
}
