using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt;

public sealed partial class SgmPretrainEstimator
{
    /// <summary>What a value is where none is given, in both ways of making the estimator.</summary>
    internal static class Defaults
    {
        public const int NumberOfEpochs = 20;
        public const int BatchSize = 128;
        public const double LearningRate = 3e-4;
        public const int NegativesPerPositive = 64;
        public const int GraphDimension = 256;
        public const int Seed = 42;
    }

    /// <summary>Everything that <see cref="SgmPretrainEstimator"/> can be told.</summary>
    public sealed record Options
    {
        /// <summary>The columns that triples are read from.</summary>
        public TripleColumnNames Columns { get; init; } = new();

        /// <summary>The names of the columns that are added.</summary>
        public SgmOutputColumnNames Outputs { get; init; } = new();

        /// <summary>The module's shape.</summary>
        public SgmOptions GraphModule { get; init; } = new() { GraphDimension = Defaults.GraphDimension };

        /// <summary>
        /// How the module is trained. Its seed counts only where <see cref="Seed"/> is null and the context has none; <see cref="MaskQuery"/> and
        /// <see cref="MaskQueryInContexts"/> take the place of its mask.
        /// </summary>
        public SgmTrainingOptions Training { get; init; } = new()
        {
            NumberOfEpochs = Defaults.NumberOfEpochs,
            BatchSize = Defaults.BatchSize,
            LearningRate = Defaults.LearningRate,
            NegativesPerPositive = Defaults.NegativesPerPositive,
            Seed = Defaults.Seed,
        };

        /// <summary>Where the relations' vectors come from; null draws them, with a warning.</summary>
        public RelationSemanticsSource? RelationSemantics { get; init; }

        /// <summary>
        /// Whether the validation triples of the graph are ranked after each epoch, and the weights of the best epoch are kept; false. Triples that
        /// are given to <see cref="Fit(IDataView, IDataView?, SgmTransformer?)"/> take their place.
        /// </summary>
        public bool ValidateOnGraph { get; init; }

        /// <summary>Whether edges from tail to head get relations of their own, where the graph is made of the rows; false. A given graph says so itself.</summary>
        public bool AddInverse { get; init; }

        /// <summary>
        /// Whether a triple's score, embeddings and evidence are computed without the edges that state it, in training as well; true. Without, a module learns
        /// that what is known is true because it is known, and judges what is not known worse; off is what the reference does unless told otherwise.
        /// </summary>
        public bool MaskQuery { get; init; } = true;

        /// <summary>
        /// Whether the mask reaches into the contexts of the edges between head and tail as well, where the reference still shows the query's relation;
        /// true. Then the evidence of a row that was trained on is exactly that of a graph which never had the fact, as it is for every fact that is asked about
        /// later. Without <see cref="MaskQuery"/> it does nothing.
        /// </summary>
        public bool MaskQueryInContexts { get; init; } = true;

        /// <summary>How many rows share a forward pass when data are transformed; 128.</summary>
        public int TransformBatchSize { get; init; } = Defaults.BatchSize;

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
            ArgumentNullException.ThrowIfNull(GraphModule);
            ArgumentNullException.ThrowIfNull(Training);
            Columns.Check();
            Outputs.Check();
            GraphModule.Check();
            Training.Check();
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(TransformBatchSize);
        }
    }
}
