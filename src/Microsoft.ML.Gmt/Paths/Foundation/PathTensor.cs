namespace Microsoft.ML.Gmt.Paths;

/// <summary>A weight of a path model as it is kept in files.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Values">Its numbers, row by row.</param>
internal sealed record PathTensor(IReadOnlyList<int> Shape, float[] Values);
