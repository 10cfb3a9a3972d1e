using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// A model whose scores become features, and where it can't mask, models of the same kind that were fitted without some triples.
/// </summary>
/// <param name="Name">What its slots begin with.</param>
/// <param name="Whole">The model.</param>
/// <param name="Parts">Those fitted without each fold in turn; empty where there are none.</param>
/// <param name="Folds">Which triples each of them was fitted without.</param>
internal sealed record FoldedScorer(string Name, ITripleScorer Whole, IReadOnlyList<ITripleScorer> Parts, TripleFolds Folds)
{
    /// <summary>Whether a scorer of these was fitted on a triple of the graph, as far as folds say.</summary>
    public bool Saw(ITripleScorer scorer, Triple triple) =>
        ReferenceEquals(scorer, Whole) || !ReferenceEquals(scorer, Parts[Folds.Of(triple)]);

    /// <summary>The model that did not see a triple's answer, or can be kept from seeing it; null where there is none.</summary>
    /// <remarks>
    /// Where there are parts, they score new facts too, each that of the fold a fact would be in: a model of all triples knows more, and
    /// its scores of new facts would be of another distribution than those of the edges that were learned from.
    /// </remarks>
    /// <param name="triple">The triple that is scored.</param>
    /// <param name="hidden">A triple of the graph that must not be seen; null for none.</param>
    public (ITripleScorer Scorer, QueryMask Mask)? Choose(Triple triple, Triple? hidden)
    {
        if (Whole.CanMask)
        {
            return (Whole, hidden is null ? QueryMask.None : QueryMask.Full);
        }

        ITripleScorer scorer = Parts.Count > 0 ? Parts[Folds.Of(hidden ?? triple)] : Whole;
        bool mayHaveSeen = scorer.FittedOn is { } seen
            ? seen.Contains(triple) || (hidden is { } edge && seen.Contains(edge)) : hidden is not null;
        return mayHaveSeen ? null : (scorer, QueryMask.None);
    }
}
