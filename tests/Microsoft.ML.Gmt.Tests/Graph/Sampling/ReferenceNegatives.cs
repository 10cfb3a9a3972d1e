using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>
/// Uniform negatives drawn from a generator of libtorch in the reference's order, so that one seed gives the reference's very numbers,
/// which a golden holds: for all negatives at once a uniform number (below one half: the head is replaced), then the new heads, then the
/// new tails.
/// </summary>
internal static class ReferenceNegatives
{
    /// <summary>Draws negatives of a batch of triples.</summary>
    /// <param name="positives">The triples to corrupt.</param>
    /// <param name="negativesPerPositive">How many of each.</param>
    /// <param name="entityCount">How many entities there are to draw from.</param>
    /// <param name="generator">A CPU generator; it moves on.</param>
    /// <returns>[positives × negativesPerPositive]: those of the first triple, then those of the second, and so on.</returns>
    public static Triple[] Sample(ReadOnlySpan<Triple> positives, int negativesPerPositive, int entityCount, torch.Generator generator)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        torch.Tensor uniform = torch.rand([positives.Length, negativesPerPositive], generator: generator); // [positives, negatives]
        bool[] atHead = (uniform < 0.5).data<bool>().ToArray();
        int headCount = atHead.Count(isHead => isHead);
        long[] heads = torch.randint(entityCount, [headCount], torch.int64, generator: generator).data<long>().ToArray();
        long[] tails = torch.randint(entityCount, [atHead.Length - headCount], torch.int64, generator: generator).data<long>().ToArray();
        var negatives = new Triple[atHead.Length];
        (int head, int tail) = (0, 0);
        for (int i = 0; i < negatives.Length; i++)
        {
            Triple positive = positives[i / negativesPerPositive];
            negatives[i] = atHead[i] ? positive with { Head = (int)heads[head++] } : positive with { Tail = (int)tails[tail++] };
        }

        return negatives;
    }
}
