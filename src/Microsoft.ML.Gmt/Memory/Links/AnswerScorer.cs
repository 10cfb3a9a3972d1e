using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Log-likelihoods of whole answers to a question, each with the end of the text: they compare whatever their lengths.</summary>
/// <remarks>
/// Without its end, a name that another begins with (<c>Sweden</c>, <c>Sweden national team</c>) would be at least as likely as that one.
/// A tokenizer without an end-of-sequence token has none to add. Holds no state between calls.
/// </remarks>
internal sealed class AnswerScorer(LlamaModel model, TextTokenizer tokenizer)
{
    private readonly ContinuationScorer _scorer = new(model);

    /// <summary>Scores answers.</summary>
    /// <param name="prompts">The text of each question up to its answer.</param>
    /// <param name="answers">The answers to each, at least one.</param>
    /// <param name="hook">What the layers read beside the prompts.</param>
    /// <param name="cancellationToken">Checked between passes.</param>
    /// <returns>For each question and answer a log-likelihood; those of a question differ by what the answers do not share.</returns>
    /// <exception cref="ArgumentException">A prompt is longer than the language model's positions.</exception>
    /// <exception cref="NotFiniteNumberException">A log-likelihood is not finite.</exception>
    public IReadOnlyList<double[]> Score(
        IReadOnlyList<string> prompts, IReadOnlyList<IReadOnlyList<string>> answers, AttentionHook? hook,
        CancellationToken cancellationToken)
    {
        ContinuationQuery[] queries = [.. prompts.Zip(answers, Query)];
        return _scorer.ScoreContinuations(queries, hook, cancellationToken);
    }

    private ContinuationQuery Query(string prompt, IReadOnlyList<string> answers)
    {
        ContinuationQuery query = ContinuationQuery.Split([.. answers.Select(answer => Whole(prompt + answer))]);
        PromptWindow.Check(model, query, prompt);
        return query;
    }

    private IReadOnlyList<int> Whole(string text)
    {
        IReadOnlyList<int> ids = tokenizer.Encode(text);
        return tokenizer.EndOfSequenceId is { } end && ids[^1] != end ? [.. ids, end] : ids;
    }
}
