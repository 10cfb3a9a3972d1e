using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <content>Rows of a layer in training; shapes stand in <c>gmt.h</c>.</content>
internal static unsafe partial class NativeKernels
{
    internal static void FillMask(NativeInstructions instructions, RowDropout dropout, long rows, int width, float* mask) =>
        Check(FillMask(instructions.Code, &dropout, rows, width, mask));

    internal static void Gelu(
        NativeInstructions instructions, RowDropout dropout, long rows, int width, float* bias, float* values, float* activations) =>
        Check(Gelu(instructions.Code, &dropout, rows, width, bias, values, activations));

    internal static void GeluBack(
        NativeInstructions instructions, long rows, int width, float* derivatives, float* gradients, float* columnSums) =>
        Check(GeluBack(instructions.Code, rows, width, derivatives, gradients, columnSums));

    internal static void AddNorm(
        NativeInstructions instructions, RowDropout dropout, long rows, int width, float* x, float* y, float* yBias, float* weight,
        float* bias, float epsilon, float* normalized, float* inverse, float* output) =>
        Check(AddNorm(instructions.Code, &dropout, rows, width, x, y, yBias, weight, bias, epsilon, normalized, inverse, output));

    internal static void AddNormBack(
        NativeInstructions instructions, RowDropout dropout, long rows, int width, float* gradients, float* normalized, float* inverse,
        float* weight, float* xGradients, float* yGradients, float* yBiasSums, float* weightSums, float* biasSums) =>
        Check(AddNormBack(
            instructions.Code, &dropout, rows, width, gradients, normalized, inverse, weight, xGradients, yGradients, yBiasSums, weightSums,
            biasSums));

    [LibraryImport(Library, EntryPoint = "gmt_fill_mask")]
    private static partial int FillMask(int instructions, RowDropout* dropout, long rows, int width, float* mask);

    [LibraryImport(Library, EntryPoint = "gmt_gelu")]
    private static partial int Gelu(
        int instructions, RowDropout* dropout, long rows, int width, float* bias, float* values, float* activations);

    [LibraryImport(Library, EntryPoint = "gmt_gelu_back")]
    private static partial int GeluBack(
        int instructions, long rows, int width, float* derivatives, float* gradients, float* columnSums);

    [LibraryImport(Library, EntryPoint = "gmt_add_norm")]
    private static partial int AddNorm(
        int instructions, RowDropout* dropout, long rows, int width, float* x, float* y, float* yBias, float* weight, float* bias,
        float epsilon, float* normalized, float* inverse, float* output);

    [LibraryImport(Library, EntryPoint = "gmt_add_norm_back")]
    private static partial int AddNormBack(
        int instructions, RowDropout* dropout, long rows, int width, float* gradients, float* normalized, float* inverse, float* weight,
        float* xGradients, float* yGradients, float* yBiasSums, float* weightSums, float* biasSums);
}
