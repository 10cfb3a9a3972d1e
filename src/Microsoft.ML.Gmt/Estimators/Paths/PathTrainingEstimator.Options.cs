using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt;

public sealed partial class PathTrainingEstimator
{
    /// <summary>Everything that <see cref="PathTrainingEstimator"/> can be told.</summary>
    public sealed record Options : PathScoringEstimator.Options
    {
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
        /// The processes that train the model together, each with the same options and data; null (the default) for this one alone. All end
        /// with the same weights, whoever saves them.
        /// </summary>
        public ProcessGroup? Processes { get; init; }

        /// <summary>
        /// Ends the training run; what was learned so far is kept. Cancelling the context's execution, as AutoML does, has the same effect.
        /// </summary>
        public CancellationToken CancellationToken { get; init; }

        /// <inheritdoc/>
        internal override void Check()
        {
            base.Check();
            ArgumentNullException.ThrowIfNull(Training);
            Training.Check();
        }
    }
}
