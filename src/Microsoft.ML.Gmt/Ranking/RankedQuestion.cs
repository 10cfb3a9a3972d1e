using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>One side of a triple that is ranked.</summary>
/// <param name="Triple">The triple.</param>
/// <param name="Side">What is sought of it.</param>
/// <param name="Place">The triple's place among those that are ranked.</param>
/// <param name="Entities">How many entities the graph has.</param>
internal readonly record struct RankedQuestion(Triple Triple, RankSide Side, int Place, int Entities)
{
    /// <summary>The entity that is sought.</summary>
    public int Answer => Side == RankSide.Head ? Triple.Head : Triple.Tail;
}
