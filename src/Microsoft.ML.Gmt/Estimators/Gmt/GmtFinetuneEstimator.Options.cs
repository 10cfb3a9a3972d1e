using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

public sealed partial class GmtFinetuneEstimator
{
    /// <summary>Everything that <see cref="GmtFinetuneEstimator"/> can be told.</summary>
    public sealed record Options : GmtScoringOptions
    {
        /// <summary>The column that stage 1 adds: <see cref="GraphEvidence"/>; <c>Evidence</c>.</summary>
        public string EvidenceColumnName { get; init; } = "Evidence";

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
        /// Ends the training run; what was learned so far is kept. Cancelling the context's execution, as AutoML does, has the same effect.
        /// </summary>
        public CancellationToken CancellationToken { get; init; }

        internal override void Check()
        {
            base.Check();
            ArgumentNullException.ThrowIfNull(Memory);
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
