using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Judges statements in one forward pass for a whole batch: P(true) against P(false) at the place of the answer.</summary>
/// <remarks>
/// <para>Prompt and answer are tokenised together, so a tokenizer that joins their characters does no harm. Where the answers begin with
/// different tokens those alone are compared; where a true and a false one begin alike, whole answers are, in a second pass over the
/// differing rest.</para>
/// <para>Holds no state between calls; many threads may use one scorer.</para>
/// </remarks>
internal sealed class VerdictScorer
{
    private readonly GmtModel _model;
    private readonly TextTokenizer _tokenizer;
    private readonly VerdictAnswers _answers;
    private readonly ContinuationScorer _scorer;

    /// <summary>Creates a scorer.</summary>
    /// <param name="model">The model; not disposed.</param>
    /// <param name="tokenizer">The language model's tokenizer.</param>
    /// <param name="answers">What counts as which answer; null for <c>True</c> and <c>False</c>.</param>
    /// <exception cref="ArgumentException">The answers are not different texts.</exception>
    public VerdictScorer(GmtModel model, TextTokenizer tokenizer, VerdictAnswers? answers = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        (_model, _tokenizer, _answers) = (model, tokenizer, answers ?? new VerdictAnswers());
        _answers.Check();
        _scorer = new ContinuationScorer(model.BaseModel);
    }

    /// <summary>Judges a batch.</summary>
    /// <param name="prompts">Text of each statement up to its answer.</param>
    /// <param name="evidence">Evidence of each, in the same order; null for a memory of zeros, which is the language model by
    /// itself.</param>
    /// <param name="features">Features of each, for a model that reads some.</param>
    /// <param name="cancellationToken">Checked between passes.</param>
    /// <returns>A verdict for each prompt.</returns>
    /// <exception cref="ArgumentException">
    /// There are not as many prompts as rows of evidence, or a prompt is longer than the language model's positions.
    /// </exception>
    /// <exception cref="NotFiniteNumberException">A log-likelihood is not finite.</exception>
    public IReadOnlyList<Verdict> Judge(
        IReadOnlyList<string> prompts, TripleEvidence? evidence, IReadOnlyList<float[]?>? features = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (evidence is not null && prompts.Count != evidence.Rows.Count)
        {
            throw new ArgumentException(
                $"There are {prompts.Count} prompts and {evidence.Rows.Count} rows of evidence; give one for each.", nameof(evidence));
        }

        if (prompts.Count == 0)
        {
            return [];
        }

        Question[] questions = [.. prompts.Select(Ask)];
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();

        // Keys and values have no bias: zeros in the memory add zero to the residual stream.
        MemoryReader? reader = evidence is null ? null : _model.ReadEvidence(evidence, features);
        IReadOnlyList<double[]> scores = _scorer.ScoreContinuations(
            [.. questions.Select(question => question.Query)], reader?.Hook, cancellationToken);
        return [.. questions.Zip(scores, (question, logs) => question.VerdictOf(logs))];
    }

    /// <summary>Judges one statement under many variants of its features.</summary>
    /// <param name="prompt">The statement's text up to its answer.</param>
    /// <param name="evidence">Its evidence, one row.</param>
    /// <param name="variants">Its features, in each variant.</param>
    /// <param name="batchSize">How many share a forward pass.</param>
    /// <param name="cancellationToken">Checked between passes.</param>
    /// <returns>A verdict for each variant.</returns>
    public IReadOnlyList<Verdict> JudgeVariants(
        string prompt, TripleEvidence evidence, IReadOnlyList<float[]> variants, int batchSize, CancellationToken cancellationToken)
    {
        Question question = Ask(prompt);
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        AttentionHook Hook(int start, int count) => _model.ReadVariants(evidence, [.. variants.Skip(start).Take(count)]).Hook;
        IReadOnlyList<double[]> scores = question.Query.Continuations.All(answer => answer.Count == 1)
            ? _scorer.ScoreVariants(
                question.Query, variants.Count, batchSize, _model.MemoryLayers.Keys.Min(), Hook, cancellationToken)
            :
            [
                .. Enumerable.Range(0, variants.Count).Chunk(batchSize).SelectMany(chunk => _scorer.ScoreContinuations(
                    [.. chunk.Select(_ => question.Query)], Hook(chunk[0], chunk.Length), cancellationToken)),
            ];
        return [.. scores.Select(logs => question.VerdictOf(logs))];
    }

    /// <summary>Whether a prompt with its answers fits into the language model's positions, so that it can be judged.</summary>
    /// <param name="prompt">Text up to the answer.</param>
    public bool Fits(string prompt) => PromptWindow.Fits(_model.BaseModel, Whole(prompt));

    private ContinuationQuery Whole(string prompt) =>
        ContinuationQuery.FromText(_tokenizer, prompt, [.. _answers.True, .. _answers.False]);

    private Question Ask(string prompt)
    {
        ContinuationQuery whole = Whole(prompt);
        PromptWindow.Check(_model.BaseModel, whole, prompt);
        int[] firsts = [.. whole.Continuations.Select(continuation => continuation[0])];

        // Spellings that go on from one token are that token's probability, once.
        int[] trueFirsts = [.. firsts.Take(_answers.True.Count).Distinct()], falseFirsts = [.. firsts.Skip(_answers.True.Count).Distinct()];
        return trueFirsts.Intersect(falseFirsts).Any()
            ? new Question(whole, _answers.True.Count)
            : new Question(
                new ContinuationQuery(whole.Prompt, [.. trueFirsts.Concat(falseFirsts).Select(first => (IReadOnlyList<int>)[first])]),
                trueFirsts.Length);
    }

    /// <summary>log Σ exp, without overflow.</summary>
    private static double LogSum(ReadOnlySpan<double> logs)
    {
        double largest = double.NegativeInfinity, sum = 0;
        foreach (double log in logs)
        {
            largest = Math.Max(largest, log);
        }

        foreach (double log in logs)
        {
            sum += Math.Exp(log - largest);
        }

        return largest + Math.Log(sum);
    }

    /// <param name="Query">The prompt and its answers, true ones first.</param>
    /// <param name="TrueCount">How many are true ones.</param>
    private sealed record Question(ContinuationQuery Query, int TrueCount)
    {
        public Verdict VerdictOf(double[] logs) => new(LogSum(logs.AsSpan(0, TrueCount)), LogSum(logs.AsSpan(TrueCount)));
    }
}
