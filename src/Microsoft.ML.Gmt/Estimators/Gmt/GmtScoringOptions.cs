using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>
/// How a <see cref="GmtTransformer"/> reads, asks and answers: columns, words, base model, batches. The same for one that is trained and
/// one that is loaded.
/// </summary>
/// <remarks>
/// What of a triple is masked in its evidence comes with the evidence column, and with a loaded model: it is no option here.
/// </remarks>
public record GmtScoringOptions
{
    /// <summary>The columns that triples and labels are read from.</summary>
    public TripleColumnNames Columns { get; init; } = new();

    /// <summary>
    /// The text columns of questions with words of their own, and of their answers, in place of <see cref="GmtTextOptions.Prompt"/> and the
    /// label. Default (null): every row asks whether its triple holds, in the words of the prompt.
    /// </summary>
    public InstructionColumnNames? Instructions { get; init; }

    /// <summary>The names of the columns that are added.</summary>
    public GmtOutputColumnNames Outputs { get; init; } = new();

    /// <summary>
    /// The language model's tokenizer; null for that of its folder. A saved model cannot hold one given here: see
    /// <see cref="TextTokenizer.From"/>.
    /// </summary>
    public TextTokenizer? Tokenizer { get; init; }

    /// <summary>How triples are put into words.</summary>
    public GmtTextOptions Text { get; init; } = new();

    /// <summary>
    /// Type of the base model's weights and computation, Float32 or BFloat16. Default (null): that of the files, but Float32 for fp16, and
    /// for bf16 on a CPU without instructions for it (AVX512_BF16, AMX), where bf16 takes several times as long. The log says so, and a
    /// saved model computes in the same type everywhere.
    /// </summary>
    public ScalarType? ComputeType { get; init; }

    /// <summary>Whether a saved model holds its base; by default up to 256 MB.</summary>
    public BaseModelStorage EmbedBaseModel { get; init; }

    /// <summary>How many rows share a forward pass when data are transformed; 32.</summary>
    [OptionRange(1, 1_000_000)]
    public int TransformBatchSize { get; init; } = 32;

    /// <summary>How many edges an explanation names at most; 5.</summary>
    [OptionRange(0, 1_000_000)]
    public int ExplanationEdges { get; init; } = TripleJudge.DefaultEdges;

    /// <summary>
    /// What becomes of rows with a name that the graph lacks, in transformed data and in training: missing values and a warning, or an
    /// <see cref="UnknownNameException"/> at the first one; <see cref="UnknownNameHandling.Missing"/>.
    /// </summary>
    public UnknownNameHandling UnknownNameHandling { get; init; }

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    internal virtual void Check()
    {
        ArgumentNullException.ThrowIfNull(Columns);
        ArgumentNullException.ThrowIfNull(Outputs);
        ArgumentNullException.ThrowIfNull(Text);
        Columns.Check();
        Instructions?.Check();
        Outputs.Check();
        Text.Check();
        OptionRanges.Check(this);
        UnknownNames.Check(UnknownNameHandling);
        if (ComputeType is not (null or ScalarType.Float32 or ScalarType.BFloat16))
        {
            throw new ArgumentOutOfRangeException(nameof(ComputeType), ComputeType, "The language model computes in Float32 or BFloat16.");
        }
    }
}
