using Microsoft.ML.Gmt.Features;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

public sealed partial class FeaturizeTriplesEstimator
{
    /// <summary>Everything that <see cref="FeaturizeTriplesEstimator"/> can be told.</summary>
    public sealed record Options
    {
        /// <summary>The columns that triples are read from; the label is not.</summary>
        public TripleColumnNames Columns { get; init; } = new();

        /// <summary>
        /// The column that says whether the graph knows the row's names: Boolean; <c>Known</c>. Where it is false, all features are NaN.
        /// </summary>
        public string KnownColumnName { get; init; } = "Known";

        /// <summary>
        /// Whether the edge memory is among the features. Default (null): up to 20,000 entities, where it takes seconds to a minute and
        /// 4 bytes for each pair of entities; above, it is computed by conjugate gradients, some ten milliseconds for each entity and item
        /// that is asked for.
        /// </summary>
        public bool? EdgeMemory { get; init; }

        /// <summary>The edge memory's λ; 30. Higher values trust rare edges less.</summary>
        [OptionRange(0.01, 1_000_000)]
        public double EdgeMemoryRegularization { get; init; } = EdgeMemoryFeatures.DefaultRegularization;

        /// <summary>
        /// A vector for each entity, in the order of their ids, such as sentence vectors of their texts: the entities whose vectors have
        /// the highest cosine vote. Empty for an entity without a text. Null (the default): there are no such features.
        /// </summary>
        public IReadOnlyList<float[]>? EntityVectors { get; init; }

        /// <summary>How many of the nearest entities by <see cref="EntityVectors"/> vote; 10.</summary>
        [OptionRange(1, 10_000)]
        public int NumberOfTextNeighbors { get; init; } = 10;

        /// <summary>Models whose scores are features; none.</summary>
        public IReadOnlyList<FeatureScorer> Scorers { get; init; } = [];

        /// <summary>
        /// Into how many folds the graph's triples are divided to fit scorers that can't mask, each without one fold; 5. That is done only
        /// where rows of <c>Fit</c> are edges of the graph.
        /// </summary>
        [OptionRange(2, 1_000)]
        public int NumberOfFolds { get; init; } = 5;

        /// <summary>The seed of the folds; null takes the context's, or 42.</summary>
        [OptionRange(int.MinValue, int.MaxValue)]
        public int? Seed { get; init; }

        /// <summary>
        /// How many rows are computed together when data are transformed; 1,024. Rows that ask a scorer the same share it.
        /// </summary>
        [OptionRange(1, 1_000_000)]
        public int TransformBatchSize { get; init; } = 1024;

        /// <summary>
        /// What becomes of rows with a name that the graph lacks: missing values and a warning, or an error at the first one;
        /// <see cref="UnknownNameHandling.Missing"/>.
        /// </summary>
        public UnknownNameHandling UnknownNameHandling { get; init; }

        /// <summary>
        /// Receives a sentence at every stage of <c>Fit</c>, which the context's log gets as well; null for no progress reports.
        /// </summary>
        public IProgress<string>? Progress { get; init; }

        /// <summary>Ends <c>Fit</c>. Cancelling the context's execution has the same effect.</summary>
        public CancellationToken CancellationToken { get; init; }

        internal void Check()
        {
            ArgumentNullException.ThrowIfNull(Columns);
            ArgumentNullException.ThrowIfNull(Scorers);
            ArgumentException.ThrowIfNullOrEmpty(KnownColumnName);
            Columns.Check();
            OptionRanges.Check(this);
            UnknownNames.Check(UnknownNameHandling);
            FeaturizeTriplesSettings.CheckNames(Scorers.Select(scorer => scorer?.Name ?? throw new ArgumentNullException(nameof(Scorers))));
        }
    }
}
