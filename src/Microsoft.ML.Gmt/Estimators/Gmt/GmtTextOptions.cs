using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt;

/// <summary>How triples are put into words for the language model, and what of the words it learns.</summary>
public sealed record GmtTextOptions
{
    /// <summary>The question about a triple, and its two answers.</summary>
    public TriplePrompt Prompt { get; init; } = TriplePrompt.Default;

    /// <summary>The text around the question; Alpaca's.</summary>
    public PromptTemplate Template { get; init; } = PromptTemplate.Alpaca;

    /// <summary>The most tokens of a training text; 512. Longer ones are cut at their end.</summary>
    [OptionRange(1, 1_000_000)]
    public int CutoffLength { get; init; } = Memory.RowTokenizer.DefaultCutoffLength;

    /// <summary>Whether the question is to be learned as well; false, unlike the reference: a verdict is all that is asked for.</summary>
    public bool TrainOnInputs { get; init; }

    /// <summary>Whether the end-of-sequence token is learned after the answer; false. Then <c>Response</c> ends there.</summary>
    public bool AddEndOfSequence { get; init; }

    /// <summary>The longest <c>Response</c>, in tokens; 16.</summary>
    [OptionRange(1, 1_000_000)]
    public int MaxNewTokens { get; init; } = GreedyOptions.DefaultMaxNewTokens;

    /// <summary>These options with the words of a saved model where they say nothing else.</summary>
    internal GmtTextOptions OrElse(TriplePrompt prompt, PromptTemplate template) => this with
    {
        Prompt = Prompt == TriplePrompt.Default ? prompt : Prompt,
        Template = Template == PromptTemplate.Alpaca ? template : Template,
    };

    internal RowTokenizer RowTokenizer(TextTokenizer tokenizer) => new(tokenizer, Template, CutoffLength, AddEndOfSequence, TrainOnInputs);

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Prompt);
        ArgumentNullException.ThrowIfNull(Template);
        OptionRanges.Check(this);
    }
}
