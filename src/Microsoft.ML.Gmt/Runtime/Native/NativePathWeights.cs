namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Weights of a path network's layers, one layer after the other, and of its readout, whose arrays are empty where there is none.
/// </summary>
/// <param name="Width">d.</param>
/// <param name="LayerCount">L.</param>
/// <param name="Epsilon">What the layer norm adds to the variance.</param>
/// <param name="Linear">[L, d, 2 d].</param>
/// <param name="Bias">[L, d].</param>
/// <param name="NormScale">[L, d].</param>
/// <param name="NormShift">[L, d].</param>
/// <param name="Hidden">[h, 2 d].</param>
/// <param name="HiddenBias">[h].</param>
/// <param name="Output">[h].</param>
/// <param name="OutputBias">A number.</param>
/// <param name="DegreeScale">[L, 3, d]; empty for none.</param>
internal readonly record struct NativePathWeights(
    int Width, int LayerCount, float Epsilon, float[] Linear, float[] Bias, float[] NormScale, float[] NormShift, float[] Hidden,
    float[] HiddenBias, float[] Output, float OutputBias, float[] DegreeScale);

/// <summary>Queries of one condition.</summary>
/// <param name="Sources">The node that each starts from: [queries].</param>
/// <param name="Vectors">The start vector of each: [queries, d].</param>
/// <param name="Answers">The one node that each asks for; null for all.</param>
/// <param name="RemovedOffsets">Where the removed edges of each begin, and the end of all: [queries + 1].</param>
/// <param name="Removed">Numbers of edges.</param>
/// <param name="MostNewNodes">How many more nodes a layer may change; 0 for all.</param>
internal readonly record struct NativePathQueries(
    int[] Sources, float[] Vectors, int[]? Answers, long[] RemovedOffsets, int[] Removed, int MostNewNodes);
