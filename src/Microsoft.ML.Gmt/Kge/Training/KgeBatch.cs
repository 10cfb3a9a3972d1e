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
}
