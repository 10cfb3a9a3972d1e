using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

public sealed partial class GmtFinetuneEstimator
{
    /// <summary>What a value is where none is given, in both ways of making the estimator.</summary>
    internal static class Defaults
    {
        public const int NumberOfEpochs = 3;
        public const int BatchSize = 12;
        public const double LearningRate = 3e-4;
        public const int TransformBatchSize = 32;
        public const int ExplanationEdges = 5;
        public const int Seed = 42;
    }

    /// <summary>Everything that <see cref="GmtFinetuneEstimator"/> can be told.</summary>
    public sealed record Options
    {
        /// <summary>The columns that triples and labels are read from.</summary>
        public TripleColumnNames Columns { get; init; } = new();

        /// <summary>The column that stage 1 adds: <see cref="GraphEvidence"/>; <c>Evidence</c>.</summary>
        public string EvidenceColumnName { get; init; } = "Evidence";

        /// <summary>The names of the columns that are added.</summary>
        public GmtOutputColumnNames Outputs { get; init; } = new();

        /// <summary>The shape of the memory and of the adapter.</summary>
        public MemoryOptions Memory { get; init; } = new();

        /// <summary>
        /// The language model's tokenizer; null for that of its folder. A saved model cannot hold one given here: see <see cref="TextTokenizer.From"/>.
        /// </summary>
        public TextTokenizer? Tokenizer { get; init; }

        /// <summary>How triples are put into words.</summary>
        public GmtTextOptions Text { get; init; } = new();

        /// <summary>
        /// How the model is trained. Its seed counts only where <see cref="Seed"/> is null and the context has none; its mask does not count, for the evidence says
        /// what of a triple is masked.
        /// </summary>
        public GmtTrainingOptions Training { get; init; } = new()
        {
            NumberOfEpochs = Defaults.NumberOfEpochs,
            BatchSize = Defaults.BatchSize,
            LearningRate = Defaults.LearningRate,
            Seed = Defaults.Seed,
        };

        /// <summary>
        /// Rows that are held out of the training data to choose the best epoch by; 0. Rows given to
        /// <see cref="Fit(IDataView, IDataView?, GmtTransformer?)"/> take their place.
        /// </summary>
        public int HeldOutRows { get; init; }

        /// <summary>Type of the base model's weights and computation, Float32 or BFloat16. Default (null): that of the files, half precision widened.</summary>
        public ScalarType? ComputeType { get; init; }

        /// <summary>Whether a saved model holds its base; by default up to 256 MB.</summary>
        public BaseModelStorage EmbedBaseModel { get; init; }

        /// <summary>How many rows share a forward pass when data are transformed; 32.</summary>
        public int TransformBatchSize { get; init; } = Defaults.TransformBatchSize;

        /// <summary>How many edges an explanation names at most; 5.</summary>
        public int ExplanationEdges { get; init; } = Defaults.ExplanationEdges;

        /// <summary>The seed of all random streams; null takes the one of the <see cref="MLContext"/>.</summary>
        public int? Seed { get; init; }

        /// <summary>Receives the state after each step, beside the one of <see cref="Training"/>.</summary>
        public IProgress<TrainingProgress>? Progress { get; init; }

        /// <summary>Ends the training; what was learned so far is kept. Cancelling the context's execution, as AutoML does, has the same effect.</summary>
        public CancellationToken CancellationToken { get; init; }

        internal void Check()
        {
            ArgumentNullException.ThrowIfNull(Columns);
            ArgumentNullException.ThrowIfNull(Outputs);
            ArgumentNullException.ThrowIfNull(Memory);
            ArgumentNullException.ThrowIfNull(Text);
            ArgumentNullException.ThrowIfNull(Training);
            ArgumentException.ThrowIfNullOrEmpty(EvidenceColumnName);
            ArgumentException.ThrowIfNullOrEmpty(Columns.Label);
            Columns.Check();
            Outputs.Check();
            Text.Check();
            Training.Check();
            ArgumentOutOfRangeException.ThrowIfNegative(HeldOutRows);
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TransformBatchSize);
            ArgumentOutOfRangeException.ThrowIfNegative(ExplanationEdges);
            if (ComputeType is not (null or ScalarType.Float32 or ScalarType.BFloat16))
            {
                throw new ArgumentOutOfRangeException(nameof(ComputeType), ComputeType, "The language model computes in Float32 or BFloat16.");
            }
        }
    }
}
