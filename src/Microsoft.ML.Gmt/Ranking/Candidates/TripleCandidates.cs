using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>Given candidates for each triple.</summary>
/// <param name="heads">For each triple, ascending, each once.</param>
/// <param name="tails">For each triple, ascending, each once.</param>
internal sealed class TripleCandidates(int[][] heads, int[][] tails) : EntityCandidates
{
    /// <inheritdoc/>
    internal override bool AreOfQuestion => false;

    /// <inheritdoc/>
    internal override void Check(GraphBounds bounds, int triples, string parameter)
    {
        if (heads.Length != triples)
        {
            throw new ArgumentException(
                $"There are candidates for {heads.Length:N0} triples, and {triples:N0} triples to rank.", parameter);
        }

        foreach (int[] entities in heads.Concat(tails))
        {
            SortedEntities.Check(bounds, entities, parameter);
        }
    }

    /// <inheritdoc/>
    internal override void Find(RankedQuestion question, ReadOnlySpan<int> known, List<int> found) =>
        SortedEntities.AddWithout((question.Side == RankSide.Head ? heads : tails)[question.Place], known, found);
}
