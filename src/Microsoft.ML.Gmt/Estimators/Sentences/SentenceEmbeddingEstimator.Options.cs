using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

public sealed partial class SentenceEmbeddingEstimator
{
    /// <summary>What a value is where none is given, in both ways of making the estimator.</summary>
    internal static class Defaults
    {
        public const int TransformBatchSize = 32;
    }

    /// <summary>Everything that <see cref="SentenceEmbeddingEstimator"/> can be told.</summary>
    public sealed record Options
    {
        /// <summary>The column that is added: a vector of Single; <c>Embedding</c>.</summary>
        public string OutputColumnName { get; init; } = "Embedding";

        /// <summary>The column of texts; null (the default) where it has the name of the output.</summary>
        public string? InputColumnName { get; init; }

        /// <summary>Whether a saved transformer holds the sentence model; by default up to 256 MB.</summary>
        public BaseModelStorage EmbedBaseModel { get; init; }

        /// <summary>How many texts share a forward pass; 32.</summary>
        [OptionRange(1, 1_000_000)]
        public int TransformBatchSize { get; init; } = Defaults.TransformBatchSize;

        internal void Check()
        {
            ArgumentException.ThrowIfNullOrEmpty(OutputColumnName);
            OptionRanges.Check(this);
        }
    }
}
