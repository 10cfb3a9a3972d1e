using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>A prompt and several texts that may follow it, as token ids.</summary>
internal sealed class ContinuationQuery
{
    /// <summary>Creates a query of tokens that are already split.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="continuations">At least one token each.</param>
    /// <exception cref="ArgumentException">The prompt or a continuation is empty.</exception>
    public ContinuationQuery(IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> continuations)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(continuations);
        if (prompt.Count == 0)
        {
            throw new ArgumentException(
                "The prompt has no tokens; it needs at least one, say the begin-of-sequence token.", nameof(prompt));
        }

        for (int index = 0; index < continuations.Count; index++)
        {
            if (continuations[index].Count == 0)
            {
                throw new ArgumentException(
                    $"Continuation {index} has no tokens; its probability would be 1 by definition.", nameof(continuations));
            }
        }

        Prompt = prompt;
        Continuations = continuations;
    }

    /// <summary>Tokens that all candidates share.</summary>
    public IReadOnlyList<int> Prompt { get; }

    /// <summary>Tokens of each candidate after the prompt.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Continuations { get; }

    /// <summary>Tokenises prompt and answers so that the answers' probabilities are comparable; see <see cref="Split"/>.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="prompt">Text before each answer.</param>
    /// <param name="answers">Texts that may follow directly, at least one; include a leading space where the answer would have one.</param>
    /// <exception cref="ArgumentException">There is no answer, or nothing is left of the shared prompt.</exception>
    public static ContinuationQuery FromText(TextTokenizer tokenizer, string prompt, IReadOnlyList<string> answers)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(answers);
        return Split([.. answers.Select(answer => tokenizer.Encode(prompt + answer))]);
    }

    /// <summary>Splits whole texts (prompt and answer tokenised together) where they begin to differ.</summary>
    /// <remarks>
    /// A tokenizer may join the prompt's last characters with the answer's first, so the tokens of "prompt + answer" need not begin with
    /// the tokens of "prompt". Texts that are tokenised as a whole and compared behind their longest common prefix have comparable
    /// probabilities whatever the tokenizer does, and also where two answers share their first token.
    /// </remarks>
    /// <param name="texts">Tokens of each whole text; at least one text.</param>
    /// <exception cref="ArgumentException">There is no text, or nothing is left of the shared prompt.</exception>
    public static ContinuationQuery Split(IReadOnlyList<IReadOnlyList<int>> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
        {
            throw new ArgumentException("There are no texts; give at least one.", nameof(texts));
        }

        // Each text keeps at least one token to be scored.
        int shared = texts.Min(text => text.Count) - 1;
        for (int position = 0; position < shared; position++)
        {
            if (texts.Any(text => text[position] != texts[0][position]))
            {
                shared = position;
            }
        }

        if (shared < 1)
        {
            throw new ArgumentException(
                "The texts share no first token to condition on; tokenise them with a begin-of-sequence token or a common prompt.",
                nameof(texts));
        }

        return new ContinuationQuery([.. texts[0].Take(shared)], [.. texts.Select(text => (IReadOnlyList<int>)[.. text.Skip(shared)])]);
    }
}
