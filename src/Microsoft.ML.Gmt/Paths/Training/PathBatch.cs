using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>Queries that a path network is trained on together.</summary>
/// <param name="Sources">The node that each starts from: [B].</param>
/// <param name="Vectors">z, the start vector of each: [B, d].</param>
/// <param name="Labels">w, the vectors of labels by layer; queries of a group share them: [G, L, K, d].</param>
/// <param name="Groups">Which of the groups each is of: [B].</param>
/// <param name="Removed">Indices of the edges that each does not see, in any order, each once: [B].</param>
internal sealed record PathBatch(int[] Sources, Tensor Vectors, Tensor Labels, int[] Groups, int[][] Removed)
{
    /// <summary>B.</summary>
    public int Count => Sources.Length;

    /// <summary>Some of the queries, which share the labels of all.</summary>
    /// <param name="first">The first.</param>
    /// <param name="count">How many.</param>
    public PathBatch Part(int first, int count)
    {
        Range range = first..(first + count);
        return new PathBatch(Sources[range], Vectors.narrow(0, first, count), Labels, Groups[range], Removed[range]);
    }
}
