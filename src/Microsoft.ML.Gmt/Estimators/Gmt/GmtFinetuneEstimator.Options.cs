using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt;

public sealed partial class GmtFinetuneEstimator
{
    /// <summary>Everything that <see cref="GmtFinetuneEstimator"/> can be told.</summary>
    public sealed record Options : GmtScoringOptions
    {
        /// <summary>The column that stage 1 adds: <see cref="GraphEvidence"/>; <c>Evidence</c>.</summary>
        public string EvidenceColumnName { get; init; } = "Evidence";

        /// <summary>
        /// A column of numbers about each triple that becomes memory tokens beside those of the graph's evidence: a vector of Single of
        /// known size, from <c>FeaturizeTriples</c>, <c>ml.Transforms.Concatenate</c> or anything else. Default (null): none.
        /// </summary>
        /// <remarks>
        /// A number goes in as signed logarithm, standardized on the rows of <c>Fit</c>. NaN is missing and counts as the mean; a feature
        /// that has missing values in <c>Fit</c>'s rows also says whether it is missing. Infinities are errors. The fitted transformer asks
        /// for a column of the same name and length.
        /// </remarks>
        public string? FeatureColumnName { get; init; }

        /// <summary>How that column becomes memory.</summary>
        public FeatureMemoryOptions FeatureMemory { get; init; } = new();

        /// <summary>The shape of the memory and of the adapter.</summary>
        public MemoryOptions Memory { get; init; } = new();

        /// <summary>How the model is trained, seed and progress reports included.</summary>
        public GmtTrainingOptions Training { get; init; } = new();

        /// <summary>
        /// Rows that are held out of the training data to choose the best epoch by; 0. Rows given to
        /// <see cref="Fit(IDataView, IDataView?, GmtTransformer?)"/> take their place.
        /// </summary>
        [OptionRange(0, 1_000_000_000)]
        public int HeldOutRows { get; init; }

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
            ArgumentNullException.ThrowIfNull(Memory);
            ArgumentNullException.ThrowIfNull(FeatureMemory);
            FeatureMemory.Check();
            if (FeatureColumnName is "")
            {
                throw new ArgumentException("The feature column needs a name, or null for none.", nameof(FeatureColumnName));
            }

            ArgumentNullException.ThrowIfNull(Training);
            ArgumentException.ThrowIfNullOrEmpty(EvidenceColumnName);
            ArgumentException.ThrowIfNullOrEmpty(Columns.Label);
            OptionRanges.Check(Memory);
            ArgumentNullException.ThrowIfNull(Memory.Lora);
            Memory.Lora.Check();
            Training.Check();
        }
    }
}
