namespace Microsoft.ML.Gmt.Extensions;

/// <summary>
/// Says whether facts hold, which entities complete one, and by what evidence: a model with its graph, for any number of threads.
/// </summary>
/// <remarks>
/// <para>It is registered by <c>services.AddGmt</c>. The model is loaded by the first call, or by <see cref="LoadAsync"/>. Where its file
/// is watched, it is replaced when the file changes: calls under way end with the model that they began with, which is freed after the last
/// of them; a file that can't be read changes nothing and is logged.</para>
/// <para>Names are looked up as <c>KnowledgeGraph.FindEntity</c> does it. A name that the graph lacks, or that is null, is no error but
/// part of the answer, with suggestions. Calls compute on the thread pool, as many at once as
/// <see cref="GmtOptions.MaximumConcurrentCalls"/> says, and end with an <see cref="OperationCanceledException"/> where they are cancelled:
/// at once while they wait for their turn or for the model, else after the batch under way.</para>
/// </remarks>
/// <example>
/// <code>
/// ServiceProvider services = new ServiceCollection().AddLogging()
///     .AddGmt(options => options.GraphPath = "products.csv").BuildServiceProvider();
/// var scorer = services.GetRequiredService&lt;IGmtScorer>();
/// FactVerdict verdict = await scorer.JudgeAsync(new NamedFact("Ball valve 3/4\" no. 103", "made of", "bronze"));
/// Console.WriteLine(verdict.IsKnown ? $"{verdict.IsTrue}, {verdict.Probability:p0}" : verdict.Problems[0].Message);
/// </code>
/// </example>
public interface IGmtScorer
{
    /// <summary>Loads the model, where it is not loaded yet, so that the first question need not wait for it.</summary>
    /// <param name="cancellationToken">Ends the waiting; a loading that has begun goes on for the others.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">It is no model, or damaged.</exception>
    /// <exception cref="NotSupportedException">It holds no model of this library.</exception>
    public Task LoadAsync(CancellationToken cancellationToken = default);

    /// <summary>Judges a fact.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="NotSupportedException">The model ranks, and has no verdicts.</exception>
    public Task<FactVerdict> JudgeAsync(NamedFact fact, CancellationToken cancellationToken = default);

    /// <summary>Judges facts, those that the graph knows in batches of <see cref="GmtOptions.MaximumBatchSize"/>.</summary>
    /// <param name="facts">The facts.</param>
    /// <param name="cancellationToken">Ends the work after a batch.</param>
    /// <returns>A verdict for each, in their order.</returns>
    /// <exception cref="ArgumentException">One of them is null; the message says which.</exception>
    /// <exception cref="NotSupportedException">The model ranks, and has no verdicts.</exception>
    public Task<IReadOnlyList<FactVerdict>> JudgeAsync(IReadOnlyList<NamedFact> facts, CancellationToken cancellationToken = default);

    /// <summary>Ranks the entities that complete a fact: by scores, then the best of them by verdicts.</summary>
    /// <param name="question">The question.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The question's count is below 1.</exception>
    public Task<LinkRanking> RankAsync(LinkQuestion question, CancellationToken cancellationToken = default);

    /// <summary>Judges a fact and says by what.</summary>
    /// <param name="fact">The fact.</param>
    /// <param name="count">How many pieces of evidence of each kind at most, from 1 to 1,000; 5.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of its range.</exception>
    /// <exception cref="NotSupportedException">The model ranks, and has no verdicts.</exception>
    public Task<FactExplanation> ExplainAsync(NamedFact fact, int count = 5, CancellationToken cancellationToken = default);
}
