using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Queries of a path network in training, with its weights: gmt_path_weights and gmt_path_batch. Pointers are of tensors.
/// </summary>
internal unsafe ref struct NativePathBatch
{
    /// <summary>The instructions that the loops use.</summary>
    public NativeInstructions Instructions;

    /// <summary>d, L and h; h is 0 where states are asked for.</summary>
    public int Width, LayerCount, HiddenWidth;

    /// <summary>What the layer norm adds to the variance, and a₂ of the readout.</summary>
    public float Epsilon, OutputBias;

    /// <summary>[L, d, 2 d], and [L, d] three times.</summary>
    public float* Linear, Bias, NormScale, NormShift;

    /// <summary>[L, 3, d]; null for none.</summary>
    public float* DegreeScale;

    /// <summary>[h, 2 d], [h] and [h]; null where h is 0.</summary>
    public float* Hidden, HiddenBias, Output;

    /// <summary>[B, d] and [G, L, K, d].</summary>
    public float* Vectors, LabelVectors;

    /// <summary>G.</summary>
    public int GroupCount;

    /// <summary>The node that each query starts from, and its group: [B].</summary>
    public ReadOnlySpan<int> Sources, Groups;

    /// <summary>The label of an edge's inverse: [K].</summary>
    public ReadOnlySpan<int> InverseLabels;

    /// <summary>Where the removed edges of each query begin: [B + 1].</summary>
    public ReadOnlySpan<long> RemovedOffsets;

    /// <summary>The removed edges, and their inverses.</summary>
    public ReadOnlySpan<int> Removed, RemovedInverses;
}

/// <summary>Room for gradients, in the shapes of what they are of: gmt_path_gradients.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativePathGradients
{
    /// <summary>Those of the layers.</summary>
    public float* Linear, Bias, NormScale, NormShift, DegreeScale;

    /// <summary>Those of the readout.</summary>
    public float* Hidden, HiddenBias, Output, OutputBias;

    /// <summary>Those of the start vectors and of the vectors of labels.</summary>
    public float* Vectors, LabelVectors;
}
