using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

public sealed partial class PathScoringEstimator
{
    /// <summary>What a value is where none is given, in both ways of making the estimator.</summary>
    internal static class Defaults
    {
        public const int TransformBatchSize = 128;
    }

    /// <summary>Everything that <see cref="PathScoringEstimator"/> can be told; how any path model scores rows.</summary>
    public record Options
    {
        /// <summary>The columns that triples are read from.</summary>
        public TripleColumnNames Columns { get; init; } = new();

        /// <summary>The names of the columns that are added.</summary>
        public PathOutputColumnNames Outputs { get; init; } = new();

        /// <summary>
        /// Whether the edges that state a row's own triple are hidden from its score; yes (<see cref="QueryMask.Full"/>). All copies of the
        /// triple are, in both directions; (tail, relation, head) is another fact and stays. A path model looks no further than
        /// <see cref="QueryMask.Edges"/>.
        /// </summary>
        public QueryMask Mask { get; init; } = QueryMask.Full;

        /// <summary>
        /// How many more entities each layer of the model may reach in a query: those that a random walk from the query's entity most
        /// probably comes to. All others score as they do in every query of the relation. Default (null): all that paths lead to, which is
        /// exact. A few hundred make a sparse graph of many entities several times faster at next to no loss; a dense one of a few thousand
        /// gains nothing. Training and <c>ExplainPaths</c> are exact whatever it is.
        /// </summary>
        [OptionRange(1, int.MaxValue)]
        public int? MaximumExpandedEntities { get; init; }

        /// <summary>How many rows are scored together when data are transformed, on all threads; 128.</summary>
        [OptionRange(1, 1_000_000)]
        public int TransformBatchSize { get; init; } = Defaults.TransformBatchSize;

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
            Columns.Check();
            Outputs.Check();
            OptionRanges.Check(this);
            UnknownNames.Check(UnknownNameHandling);
        }
    }
}
