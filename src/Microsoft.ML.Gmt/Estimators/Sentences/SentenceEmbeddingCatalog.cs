using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML;

/// <summary>Extends ML.NET's catalog of text transforms by sentence embeddings.</summary>
public static class SentenceEmbeddingCatalog
{
    /// <summary>Create <see cref="SentenceEmbeddingEstimator"/>, which turns texts into vectors by a pretrained sentence model.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="outputColumnName">The column that is added: a vector of Single.</param>
    /// <param name="baseModel">Folder of the sentence model, as sentence-transformers lays it out; all-MiniLM-L6-v2, say.</param>
    /// <param name="inputColumnName">The column of texts; null where it has the name of the output.</param>
    /// <param name="batchSize">How many texts share a forward pass.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks a file.</exception>
    /// <exception cref="GmtFileException">The folder holds another kind of model.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// IDataView questions = ml.Data.LoadFromTextFile&lt;Question&gt;("questions.tsv");
    /// var pipeline = ml.Transforms.Text.EmbedSentences("Features", "models/all-MiniLM-L6-v2", "Text")
    ///     .Append(ml.BinaryClassification.Trainers.SdcaLogisticRegression());
    /// ITransformer model = pipeline.Fit(questions);
    /// </code>
    /// </example>
    public static SentenceEmbeddingEstimator EmbedSentences(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string baseModel,
        string? inputColumnName = null,
        int batchSize = SentenceEmbeddingEstimator.Defaults.TransformBatchSize) => catalog.EmbedSentences(baseModel,
        new SentenceEmbeddingEstimator.Options
        {
            OutputColumnName = outputColumnName,
            InputColumnName = inputColumnName,
            TransformBatchSize = batchSize,
        });

    /// <summary>
    /// Create <see cref="SentenceEmbeddingEstimator"/>, which turns texts into vectors by a pretrained sentence model, with all its
    /// options.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="baseModel">Folder of the sentence model, as sentence-transformers lays it out.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks a file.</exception>
    /// <exception cref="GmtFileException">The folder holds another kind of model.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// var estimator = ml.Transforms.Text.EmbedSentences("models/all-MiniLM-L6-v2", new()
    /// {
    ///     OutputColumnName = "Features",
    ///     InputColumnName = "Text",
    ///     EmbedBaseModel = BaseModelStorage.Referenced,   // a small archive, which needs the model's folder where it is loaded
    /// });
    /// </code>
    /// </example>
    public static SentenceEmbeddingEstimator EmbedSentences(
        this TransformsCatalog.TextTransforms catalog, string baseModel, SentenceEmbeddingEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(baseModel);
        ArgumentNullException.ThrowIfNull(options);
        return new SentenceEmbeddingEstimator(MlNetInternals.Environment(catalog), baseModel, options);
    }
}
