using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>The same candidates for every question of a side.</summary>
/// <param name="heads">Ascending, each once.</param>
/// <param name="tails">Ascending, each once.</param>
internal sealed class FixedCandidates(int[] heads, int[] tails) : EntityCandidates
{
    /// <inheritdoc/>
    internal override bool AreOfQuestion => true;

    /// <inheritdoc/>
    internal override void Check(GraphBounds bounds, int triples, string parameter)
    {
        SortedEntities.Check(bounds, heads, parameter);
        SortedEntities.Check(bounds, tails, parameter);
    }

    /// <inheritdoc/>
    internal override void Find(RankedQuestion question, ReadOnlySpan<int> known, List<int> found) =>
        SortedEntities.AddWithout(question.Side == RankSide.Head ? heads : tails, known, found);
}
