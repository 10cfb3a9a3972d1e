using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>Which entities complete a fact, and which of them are wanted. Compiled into <c>Gmt.MLNet.Extensions</c> as well.</summary>
/// <param name="AsksTail">Whether tails are asked for, not heads.</param>
/// <param name="Stated">The id of the end that is given.</param>
/// <param name="Relation">The id of the relation.</param>
internal sealed record EntityQuestion(bool AsksTail, int Stated, int Relation)
{
    /// <summary>Whether facts that are known already are left out.</summary>
    public bool OnlyNew { get; init; }

    /// <summary>Whether only entities count that stand at this side of the relation in a training triple.</summary>
    public bool OnlyTyped { get; init; }

    /// <summary>The entity of an answer that was asked for.</summary>
    public int Asked(Triple answer) => AsksTail ? answer.Tail : answer.Head;

    /// <summary>The best answers by score.</summary>
    /// <param name="scorer">The scores.</param>
    /// <param name="known">The facts that are known.</param>
    /// <param name="count">How many answers, at most.</param>
    /// <param name="mask">What of an answer that the graph states is hidden from its own score.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public IReadOnlyList<ScoredTriple> Best(
        ITripleScorer scorer, KnownTriples known, int count, QueryMask mask, CancellationToken cancellationToken = default)
    {
        HashSet<int> typed = OnlyTyped
            ? [.. scorer.Graph.Triples(GraphSplit.Train).ToArray().Where(triple => triple.Relation == Relation).Select(Asked)] : [];
        bool IsWanted(Triple answer) => (!OnlyNew || !known.Contains(answer)) && (!OnlyTyped || typed.Contains(Asked(answer)));
        return AsksTail ? EntityRetrieval.Tails(scorer, Stated, Relation, count, IsWanted, mask, cancellationToken)
            : EntityRetrieval.Heads(scorer, Relation, Stated, count, IsWanted, mask, cancellationToken);
    }
}
