using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt;

public sealed partial class KgeEstimator
{
    /// <summary>Everything that <see cref="KgeEstimator"/> can be told.</summary>
    public sealed record Options
    {
        internal const int DefaultBatchSize = 512;

        /// <summary>The columns that triples are read from.</summary>
        public TripleColumnNames Columns { get; init; } = new();

        /// <summary>The names of the columns that are added.</summary>
        public KgeOutputColumnNames Outputs { get; init; } = new();

        /// <summary>How many rows are scored together when data are transformed; 512.</summary>
        [OptionRange(1, 1_000_000)]
        public int TransformBatchSize { get; init; } = DefaultBatchSize;

        /// <summary>
        /// What becomes of rows with a name that the graph lacks, in transformed data and in training: missing values and a warning, or an
        /// <see cref="UnknownNameException"/> at the first one; <see cref="UnknownNameHandling.Missing"/>.
        /// </summary>
        public UnknownNameHandling UnknownNameHandling { get; init; }

        /// <summary>Shape and training, seed and progress reports included.</summary>
        public KgeTrainingOptions Training { get; init; } = new();

        /// <summary>
        /// Whether the validation triples of the graph are ranked after each epoch, and the vectors of the best epoch are kept; false.
        /// Triples that are given to <see cref="Fit(IDataView, IDataView?)"/> take their place.
        /// </summary>
        public bool ValidateOnGraph { get; init; }

        /// <summary>
        /// The processes that train the model together, each with the same options and data; null (the default) for this one alone. All end
        /// with the same weights, whoever saves them.
        /// </summary>
        public ProcessGroup? Processes { get; init; }

        /// <summary>
        /// Ends the training run; what was learned so far is kept. Cancelling the context's execution, as AutoML does, has the same effect.
        /// </summary>
        public CancellationToken CancellationToken { get; init; }

        /// <exception cref="ArgumentException">An option is out of its range.</exception>
        internal void Check()
        {
            ArgumentNullException.ThrowIfNull(Columns);
            ArgumentNullException.ThrowIfNull(Outputs);
            ArgumentNullException.ThrowIfNull(Training);
            Columns.Check();
            Outputs.Check();
            OptionRanges.Check(this);
            UnknownNames.Check(UnknownNameHandling);
            Training.Check();
        }
    }
}
