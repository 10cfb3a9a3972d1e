using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>Lets a model answer questions in words, several at once, as many tokens as are asked for.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">The language model's tokenizer.</param>
/// <param name="template">The text around instruction and input.</param>
/// <param name="mask">What of a question's triple is hidden from its evidence.</param>
/// <param name="newTokens">Tokens of an answer.</param>
internal sealed class ResponseGenerator(GmtModel model, TextTokenizer tokenizer, PromptTemplate template, QueryMask mask, int newTokens)
{
    /// <summary>How many questions are answered together.</summary>
    public const int BatchSize = 8;

    private readonly GreedyDecoder _decoder = new(
        model.BaseModel, new GreedyOptions { MaxNewTokens = newTokens, StopAtEndOfSequence = false, StopAtLastPosition = false });

    /// <summary>Answers questions in their order; read and answered batch by batch.</summary>
    public IEnumerable<AnsweredRow> Answer(IEnumerable<InstructionExample> questions, CancellationToken cancellationToken = default) =>
        questions.Chunk(BatchSize).SelectMany(batch => AnswerBatch(batch, cancellationToken));

    private AnsweredRow[] AnswerBatch(InstructionExample[] batch, CancellationToken cancellationToken)
    {
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        TripleEvidence evidence = model.CollectEvidence([.. batch.Select(question => question.Query)], mask);
        MemoryReader reader = model.ReadEvidence(evidence);
        IReadOnlyList<int>[] prompts =
            [.. batch.Select(question => tokenizer.Encode(template.Render(question.Instruction, question.Input)))];
        IReadOnlyList<IReadOnlyList<int>> written = _decoder.Generate(prompts, reader.Hook, cancellationToken);
        return [.. batch.Zip(written, (question, ids) => new AnsweredRow(question, Decode(ids), Decode([.. ids.TakeWhile(IsNoEnd)])))];
    }

    private bool IsNoEnd(int id) => !model.BaseModel.Config.EndOfSequenceIds.Contains(id);

    /// <summary>Text without special tokens, trimmed as Python's <c>strip</c> does.</summary>
    private string Decode(IReadOnlyList<int> ids) => PythonText.Strip(tokenizer.Decode(ids)).ToString();
}

/// <summary>A question and what the model wrote.</summary>
/// <param name="Question">The question.</param>
/// <param name="Response">All that it wrote, which the reference judges.</param>
/// <param name="Answer">The same up to the end of sequence: what it meant to say.</param>
internal sealed record AnsweredRow(InstructionExample Question, string Response, string Answer);
