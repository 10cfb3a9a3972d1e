using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>The queries of a step: those that ask for tails first, within both those of one relation side by side.</summary>
/// <param name="Given">The entity that each gives.</param>
/// <param name="Relations">The row of the relation matrix of each.</param>
/// <param name="TailQueries">How many ask for tails.</param>
/// <param name="AnswerRows">The query of each true answer, ascending.</param>
/// <param name="Answers">The true answers; with one to a query, in the order of the queries.</param>
/// <param name="Candidates">
/// With samples, the entities to tell apart, the true one first: those of the first query, then those of the second …; else null.
/// </param>
internal sealed record KgeBatch(
    long[] Given, long[] Relations, int TailQueries, long[] AnswerRows, long[] Answers, int[]? Candidates)
{
    /// <summary>How many queries there are.</summary>
    public int Count => Given.Length;

    /// <summary>
    /// How many true answers the queries stand for where they are part of a batch: their share of its answers, so that parts whose queries
    /// have more answers than others weigh as much as those answers do.
    /// </summary>
    public double AnswerCount { get; private init; } = Answers.Length;

    /// <summary>Some of the queries.</summary>
    /// <param name="share">Which.</param>
    public KgeBatch Part(RowShare share)
    {
        if (share.Count == Count)
        {
            return this;
        }

        int first = Array.FindIndex(AnswerRows, row => row >= share.First), end = Array.FindIndex(AnswerRows, row => row >= share.End);
        Range queries = share.First..share.End, answers = Math.Max(first, 0)..(end < 0 ? AnswerRows.Length : end);
        int candidates = Candidates is null ? 0 : Candidates.Length / Count;
        return new KgeBatch(
            Given[queries], Relations[queries], Math.Clamp(TailQueries - share.First, 0, share.Count),
            Array.ConvertAll(AnswerRows[answers], row => row - share.First), Answers[answers],
            Candidates?[(share.First * candidates)..(share.End * candidates)])
        {
            AnswerCount = (double)Answers.Length * share.Count / Count,
        };
    }
}
