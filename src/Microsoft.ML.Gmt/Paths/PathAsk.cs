using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>One side of a triple, asked of a path model.</summary>
/// <param name="Query">The triple, and what is hidden beside it.</param>
/// <param name="AsksTail">Whether (h, r, ?) is asked, or (?, r, t).</param>
/// <param name="Row">The place of the answer.</param>
internal readonly record struct PathAsk(TripleQuery Query, bool AsksTail, int Row)
{
    /// <summary>The entity that is given.</summary>
    public int Source => AsksTail ? Query.Triple.Head : Query.Triple.Tail;

    /// <summary>The entity that is asked for.</summary>
    public int Answer => AsksTail ? Query.Triple.Tail : Query.Triple.Head;

    /// <summary>The relation.</summary>
    public int Relation => Query.Triple.Relation;

    /// <summary>What asks are equal by, but for what is hidden and for the answer.</summary>
    public (int Relation, bool AsksTail, int Source) Key => (Relation, AsksTail, Source);
}
