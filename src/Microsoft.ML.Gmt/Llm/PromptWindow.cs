using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>How long a text may be: beyond the positions that a language model was trained for, its answers mean nothing.</summary>
internal static class PromptWindow
{
    /// <summary>Whether a prompt and its answers fit into the model's positions.</summary>
    /// <param name="model">The language model.</param>
    /// <param name="query">The tokens of the prompt and of its answers; the last token of an answer needs no position.</param>
    public static bool Fits(LlamaModel model, ContinuationQuery query) => Positions(query) <= model.Config.MaxPositions;

    /// <summary>Refuses a prompt whose answers need more positions than the model has.</summary>
    /// <param name="model">The language model.</param>
    /// <param name="query">The tokens of the prompt and of its answers; the last token of an answer needs no position.</param>
    /// <param name="prompt">The prompt, for the message.</param>
    /// <exception cref="ArgumentException">It is longer.</exception>
    public static void Check(LlamaModel model, ContinuationQuery query, string prompt) =>
        Check(model, Positions(query), prompt);

    /// <summary>Refuses a prompt that is longer than the model's positions.</summary>
    /// <param name="model">The language model.</param>
    /// <param name="tokens">Tokens of the prompt.</param>
    /// <param name="prompt">The prompt, for the message.</param>
    /// <exception cref="ArgumentException">It is longer.</exception>
    public static void Check(LlamaModel model, int tokens, string prompt)
    {
        if (tokens > model.Config.MaxPositions)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"The prompt has {tokens:n0} tokens, the language model {model.Config.MaxPositions:n0} positions "
                + $"(max_position_embeddings); shorten the names in it, or take a model with more. "
                + $"The prompt begins '{GmtFileException.Shorten(prompt)}'."));
        }
    }

    private static int Positions(ContinuationQuery query) => query.Prompt.Count + query.Continuations.Max(answer => answer.Count) - 1;
}
