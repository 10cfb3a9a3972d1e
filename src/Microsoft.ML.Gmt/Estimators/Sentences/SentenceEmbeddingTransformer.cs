using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>A pretrained sentence model: adds the vectors of a column of texts.</summary>
/// <remarks>
/// Made by <see cref="SentenceEmbeddingEstimator"/>, or loaded by <c>ml.Model.Load</c>. On threads and disposal see
/// <see cref="BatchedTransformer"/>.
/// A model of more than 256 MB is not saved with it but referred to, by its folder's name and the hashes of its files, and bound on first
/// use: it is looked for where this user's programs last had it and in the folders of the environment variable <c>GMT_MODELS</c>, or given
/// by <see cref="BaseModelCatalog.BindBaseModel"/>. Its files stay mapped while it is used; see <see cref="GmtTransformer"/> on replacing
/// them.
/// </remarks>
/// <example>
/// How alike two texts are:
/// <code>
/// var ml = new MLContext();
/// IDataView titles = ml.Data.LoadFromEnumerable(new[] { new { Text = "Bern" }, new { Text = "the capital of Switzerland" } });
/// var estimator = ml.Transforms.Text.EmbedSentences("Embedding", "models/all-MiniLM-L6-v2", "Text");
/// using SentenceEmbeddingTransformer model = estimator.Fit(titles);
/// float[][] vectors = [.. model.Transform(titles).GetColumn&lt;float[]>("Embedding")];
/// float cosine = vectors[0].Zip(vectors[1], (a, b) => a * b).Sum();
/// </code>
/// </example>
public sealed class SentenceEmbeddingTransformer : BatchedTransformer, IBasedOnModel
{
    internal const string LoaderSignature = "GmtSentenceTransform";

    internal static readonly ModelFormat Format = new(
        Signature: "GMT SENT",
        LoaderSignature,
        // 0x00010001: initial
        // 0x00010002: manifest.txt, and no path of the base model
        Version: ModelFormat.WithManifest,
        ReadableFrom: ModelFormat.WithManifest);

    private readonly BaseModelBinding<SentenceEncoder> _model;

    internal SentenceEmbeddingTransformer(IHostEnvironment environment, BaseModelFolder folder, SentenceEmbeddingSettings settings)
        : base(environment, nameof(SentenceEmbeddingTransformer), settings.BatchSize)
    {
        Device device = MlNetInternals.Device(environment);
        SentenceEncoder Load(string path) => OfDimension(settings.Dimension, SentenceEncoder.LoadSaved(path, device), path);
        (_model, Settings) = (new BaseModelBinding<SentenceEncoder>(folder, Load), settings);
    }

    /// <summary>The width of a vector.</summary>
    public int Dimension => Settings.Dimension;

    /// <summary>The column of texts.</summary>
    public string InputColumnName => Settings.InputColumnName;

    /// <summary>The column of vectors that is added.</summary>
    public string OutputColumnName => Settings.OutputColumnName;

    /// <summary>Whether the sentence model is loaded; else it is on first use.</summary>
    public bool IsBaseModelBound => Model.Bound is not null;

    BaseModelReference IBasedOnModel.BaseModel => Model.Folder.Reference;

    internal SentenceEmbeddingSettings Settings { get; }

    internal BaseModelBinding<SentenceEncoder> Model
    {
        get
        {
            ThrowIfDisposed();
            return _model;
        }
    }

    /// <summary>The model, for who has begun a use of <see cref="BatchedTransformer.Lifetime"/>.</summary>
    internal BaseModelBinding<SentenceEncoder> ModelInUse => _model;

    /// <summary>How many tokens of a text are read, the two special ones included; what is beyond the model's positions is not.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="DirectoryNotFoundException">The sentence model was not found.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public int CountTokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        using NativeLifetime.Use use = Lifetime.Begin();
        return _model.Get().Tokenize(text).Count;
    }

    internal static SentenceEmbeddingTransformer Load(IHostEnvironment environment, ModelEntries entries)
    {
        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: SentenceEmbeddingSettings, with Storage Embedded or Referenced as it was decided
        // base-NAME: where Storage is Embedded, each file of the sentence model's folder
        // manifest.txt: sizes and hashes of these files; none in version 0x00010001
        var settings = ModelFiles.ReadConfig<SentenceEmbeddingSettings>(entries, settings => settings.Checked());
        string temporary = MlNetInternals.TemporaryFolder(environment);
        BaseModelFolder folder = BaseModelEntries.Read(entries, settings.BaseModel, settings.Storage, temporary);
        return new SentenceEmbeddingTransformer(environment, folder, settings);
    }

    void IBasedOnModel.BindBaseModel(string folder)
    {
        using NativeLifetime.Use use = Lifetime.Begin();
        _model.BindTo(folder);
    }

    private protected override BatchMapper NewMapper(DataViewSchema inputSchema) => new SentenceEmbeddingMapper(this, inputSchema);

    private protected override void Save(ModelSaveContext context)
    {
        var entries = new ModelEntryWriter(context, Format);

        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: SentenceEmbeddingSettings, with Storage Embedded or Referenced as it was decided
        // base-NAME: where Storage is Embedded, each file of the sentence model's folder
        // manifest.txt: sizes and hashes of these files; none in version 0x00010001
        ModelFiles.WriteConfig(entries, Settings with { BaseModel = _model.Folder.Recorded(), Storage = _model.Folder.Storage });
        BaseModelEntries.Write(entries, _model.Folder);
        entries.Finish();
    }

    private protected override void Free() => _model.Dispose();

    /// <summary>The sentence model, which must be as wide as the column that was promised.</summary>
    private static SentenceEncoder OfDimension(int dimension, SentenceEncoder encoder, string path)
    {
        if (encoder.Dimension == dimension)
        {
            return encoder;
        }

        encoder.Dispose();
        throw new GmtFileException(
            path, null, $"the model's vectors have {encoder.Dimension} numbers; the transformer was made for {dimension}.");
    }
}
