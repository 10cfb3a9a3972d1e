using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Turns texts into vectors whose inner products say how alike they are, by a pretrained sentence model.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use [EmbedSentences](xref:Microsoft.ML.SentenceEmbeddingCatalog.EmbedSentences*).
///
/// ### Input and output columns
/// The input is a column of text; an empty or missing text has a vector too. The output is a vector of Single of the model's width (384 for
/// all-MiniLM-L6-v2) and of length one, so an inner product is the cosine.
///
/// ### Estimator characteristics
/// | | |
/// | --- | --- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | text |
/// | Output column data type | vector of Single |
/// | Required NuGet in addition to Microsoft.ML | Gmt.MLNet, and libtorch for the system, such as libtorch-cpu-linux-x64 |
/// | Exportable to ONNX | No |
///
/// ### Training algorithm details
/// Nothing is trained: `Fit` loads the model. A text becomes word pieces, cut at the model's limit (256 for all-MiniLM-L6-v2); the vector
/// is the mean of BERT's hidden states over them, normalized (Sentence-BERT, Reimers and Gurevych 2019).
/// ]]></format>
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext();
/// IDataView questions = ml.Data.LoadFromEnumerable(new[] { new { Text = "Who wrote Faust?" }, new { Text = "Is Bern a capital?" } });
/// SentenceEmbeddingEstimator estimator = ml.Transforms.Text.EmbedSentences("Embedding", "models/all-MiniLM-L6-v2", "Text");
/// using SentenceEmbeddingTransformer model = estimator.Fit(questions);   // reads no rows: the sentence model is pretrained
/// float[][] vectors = [.. model.Transform(questions).GetColumn&lt;float[]>("Embedding")];
/// </code>
/// </example>
/// <seealso cref="SentenceEmbeddingCatalog"/>
/// <seealso cref="Options"/>
/// <seealso cref="SentenceEmbeddingTransformer"/>
public sealed partial class SentenceEmbeddingEstimator : IEstimator<SentenceEmbeddingTransformer>
{
    private readonly IHost _host;
    private readonly SentenceEmbeddingSettings _settings;

    internal SentenceEmbeddingEstimator(IHostEnvironment environment, string baseModel, Options options)
    {
        options.Check();
        _host = environment.Register(nameof(SentenceEmbeddingEstimator));
        _settings = new SentenceEmbeddingSettings
        {
            OutputColumnName = options.OutputColumnName,
            InputColumnName = options.InputColumnName ?? options.OutputColumnName,
            BaseModel = BaseModelReference.Of(baseModel),
            Dimension = SentenceEncoder.ReadDimension(baseModel),
            Storage = options.EmbedBaseModel,
            BatchSize = options.TransformBatchSize,
        };
    }

    /// <summary>The schema of transformed data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks the column, or it is no text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SentenceEmbeddingMapper.Check(inputSchema, _settings);
        return inputSchema.With([SentenceEmbeddingMapper.Column(_settings)]);
    }

    /// <summary>Loads the model.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks the column, or it is no text.</exception>
    /// <exception cref="GmtFileException">A file of the model is malformed.</exception>
    /// <exception cref="WeightFileException">The model's weights are malformed or do not fit its configuration.</exception>
    public SentenceEmbeddingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        SentenceEmbeddingMapper.Texts(input.Schema, _settings);
        var model = new SentenceEmbeddingTransformer(_host, new BaseModelFolder(_settings.BaseModel, _settings.Storage), _settings);
        try
        {
            using NativeLifetime.Use use = model.Lifetime.Begin();
            model.ModelInUse.Get();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
