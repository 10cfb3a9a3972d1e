using Microsoft.ML.Gmt.Evaluation.TextRanking;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Memory.Prompts;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Inference;

/// <summary>Lets a model answer questions in words, several at once.</summary>
/// <param name="model">The model.</param>
/// <param name="tokenizer">The language model's tokenizer.</param>
/// <param name="template">The text around instruction and input.</param>
/// <param name="mask">What of a question's triple is hidden from its evidence.</param>
/// <param name="options">How long answers are and what ends them.</param>
internal sealed class ResponseGenerator(GmtModel model, TextTokenizer tokenizer, PromptTemplate template, QueryMask mask, GreedyOptions options)
{
    private const int BatchSize = 8;

    private readonly GreedyDecoder _decoder = new(model.BaseModel, options);

    /// <summary>Answers questions in their order, trimmed as Python's <c>strip</c> does; read and answered batch by batch.</summary>
    public IEnumerable<(InstructionExample Question, string Response)> Answer(IEnumerable<InstructionExample> questions, CancellationToken cancellationToken = default)
    {
        foreach (InstructionExample[] batch in questions.Chunk(BatchSize))
        {
            string[] responses = Answer(batch, cancellationToken);
            for (int i = 0; i < batch.Length; i++)
            {
                yield return (batch[i], responses[i]);
            }
        }
    }

    private string[] Answer(InstructionExample[] batch, CancellationToken cancellationToken)
    {
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        TripleEvidence evidence = model.CollectEvidence([.. batch.Select(question => (Graph.Triple?)question.Triple)], mask);
        MemoryReader reader = model.Read(model.Encoder.Encode(evidence));
        IReadOnlyList<int>[] prompts = [.. batch.Select(question => tokenizer.Encode(template.Render(question.Instruction, question.Input)))];
        return [.. _decoder.Generate(prompts, reader.Hook, cancellationToken).Select(ids => PythonText.Strip(tokenizer.Decode(ids)).ToString())];
    }
}
