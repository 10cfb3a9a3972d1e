using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// The passes over rows [rows, width] between a layer's matrix products, each on one thread. <c>gmt.h</c> says what they compute.
/// </summary>
internal unsafe interface IRowKernels
{
    /// <summary>The native kernels by the best instructions, or their managed twin where there are none.</summary>
    public static IRowKernels Best { get; } =
        NativeKernels.IsAvailable ? new NativeRowKernels(NativeInstructions.Best) : new ManagedRowKernels();

    /// <summary><c>gmt_fill_mask</c>.</summary>
    public void FillMask(RowDropout dropout, int rows, int width, float* mask);

    /// <summary><c>gmt_gelu</c>.</summary>
    public void Gelu(RowDropout dropout, int rows, int width, float* bias, float* values, float* activations);

    /// <summary><c>gmt_gelu_back</c>.</summary>
    public void GeluBack(int rows, int width, float* derivatives, float* gradients, float* columnSums);

    /// <summary><c>gmt_add_norm</c>.</summary>
    public void AddNorm(
        RowDropout dropout, int rows, int width, float* x, float* y, float* yBias, float* weight, float* bias, float epsilon,
        float* normalized, float* inverse, float* output);

    /// <summary><c>gmt_add_norm_back</c>.</summary>
    public void AddNormBack(
        RowDropout dropout, int rows, int width, float* gradients, float* normalized, float* inverse, float* weight, float* xGradients,
        float* yGradients, float* yBiasSums, float* weightSums, float* biasSums);
}
