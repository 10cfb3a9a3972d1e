using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;

namespace Benchmarks.Accuracy;

/// <summary>Labeled triples as questions of a language model, answered by True or False.</summary>
internal sealed class LabeledQuestions
{
    /// <summary>A prompt of no more than the question: every token is paid for in every row.</summary>
    private static readonly PromptTemplate _template = new()
    {
        Name = "bare",
        PromptInput = "{instruction}\n{input}\n",
        PromptNoInput = "{instruction}\n",
        ResponseSplit = "True or False?",
    };

    private readonly TokenizedRow[] _rows;

    /// <param name="rows">The labeled triples.</param>
    /// <param name="model">Whose tokens they become.</param>
    public LabeledQuestions(LabeledRows rows, LanguageModel model)
    {
        // A judged row has an answer only so that it is as long as a learned one; what is read stands before it.
        InstructionExample[] questions = [.. rows.Triples.Select((triple, row) => TriplePrompt.Default.Ask(
            rows.Graph, triple, row >= rows.ValidationCount || rows.Labels[row]))];
        _rows = [.. new RowTokenizer(model.Tokenizer, _template, trainOnInputs: false).Tokenize(questions)];
        if (Array.Exists(_rows, row => row.LabelCount != 1))
        {
            throw new InvalidOperationException("The answers are not one token each.");
        }

        int AnswerOf(bool label) => _rows[Array.IndexOf(rows.Labels, label, 0, rows.ValidationCount)].Ids[^1];
        (True, False) = (AnswerOf(label: true), AnswerOf(label: false));
    }

    /// <summary>The token of the answer True.</summary>
    public int True { get; }

    /// <summary>The token of the answer False.</summary>
    public int False { get; }

    /// <summary>All rows.</summary>
    public IReadOnlyList<TokenizedRow> All => _rows;

    /// <summary>Some rows, with their features.</summary>
    public TokenizedRow[] Rows(int[] places, FeatureMatrix? columns) =>
        [.. places.Select(place => columns is null ? _rows[place] : _rows[place] with { Features = columns.Row(place).ToArray() })];
}
