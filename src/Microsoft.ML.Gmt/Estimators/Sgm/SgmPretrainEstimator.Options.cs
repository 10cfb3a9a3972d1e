using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt;

public sealed partial class SgmPretrainEstimator
{
    /// <summary>Everything that <see cref="SgmPretrainEstimator"/> can be told.</summary>
    public sealed record Options : SgmScoringOptions
    {
        /// <summary>The module's shape.</summary>
        public SgmOptions GraphModule { get; init; } = new();

        /// <summary>Where the relations' vectors come from; null: they are random, with a warning.</summary>
        public RelationSemanticsSource? RelationSemantics { get; init; }

        /// <summary>How the module is trained, seed and progress reports included.</summary>
        public SgmTrainingOptions Training { get; init; } = new();

        /// <summary>
        /// Whether the validation triples of the graph are ranked after each epoch, and the weights of the best epoch are kept; false.
        /// Triples that are given to <see cref="Fit(IDataView, IDataView?, SgmTransformer?)"/> take their place.
        /// </summary>
        public bool ValidateOnGraph { get; init; }

        /// <summary>
        /// Whether edges from tail to head get relations of their own, where the graph is made of the rows; false. A given graph says so
        /// itself.
        /// </summary>
        public bool AddInverse { get; init; }

        /// <summary>
        /// The processes that train the model together, each with the same options and data; null (the default) for this one alone. All end
        /// with the same weights, whoever saves them.
        /// </summary>
        public ProcessGroup? Processes { get; init; }

        /// <summary>
        /// Ends the training run; what was learned so far is kept. Cancelling the context's execution, as AutoML does, has the same effect.
        /// </summary>
        public CancellationToken CancellationToken { get; init; }

        internal override void Check()
        {
            base.Check();
            ArgumentNullException.ThrowIfNull(GraphModule);
            ArgumentNullException.ThrowIfNull(Training);
            GraphModule.Check();
            Training.Check();
        }
    }
}
