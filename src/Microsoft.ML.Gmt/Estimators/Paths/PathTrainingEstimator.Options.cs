using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

public sealed partial class PathTrainingEstimator
{
    /// <summary>Everything that <see cref="PathTrainingEstimator"/> can be told.</summary>
    public sealed record Options
    {
        /// <summary>The columns that triples are read from.</summary>
        public TripleColumnNames Columns { get; init; } = new();

        /// <summary>The names of the columns that are added.</summary>
        public PathOutputColumnNames Outputs { get; init; } = new();

        /// <summary>
        /// Whether the edges that state a row's own triple are hidden from its score, as they are in training; yes
        /// (<see cref="QueryMask.Full"/>).
        /// </summary>
        public QueryMask Mask { get; init; } = QueryMask.Full;

        /// <summary>How many rows are scored together when data are transformed, on all threads; 128.</summary>
        [OptionRange(1, 1_000_000)]
        public int TransformBatchSize { get; init; } = PathScoringEstimator.Defaults.TransformBatchSize;

        /// <summary>
        /// What becomes of rows with a name that the graph lacks, in transformed data and in training: missing values and a warning, or an
        /// <see cref="UnknownNameException"/> at the first one; <see cref="UnknownNameHandling.Missing"/>.
        /// </summary>
        public UnknownNameHandling UnknownNameHandling { get; init; }

        /// <summary>
        /// A checkpoint of ULTRA's architecture, <c>.pth</c> or <c>.safetensors</c>, all of whose weights are fine-tuned; null to start
        /// from nothing.
        /// </summary>
        public string? StartFrom { get; init; }

        /// <summary>Shape and training, seed and progress reports included.</summary>
        public PathTrainingOptions Training { get; init; } = new();

        /// <summary>
        /// Whether the validation triples of the graph are ranked after each epoch, and the weights of the best epoch are kept; true.
        /// Triples that are given to <see cref="Fit(IDataView, IDataView?)"/> take their place.
        /// </summary>
        public bool ValidateOnGraph { get; init; } = true;

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
