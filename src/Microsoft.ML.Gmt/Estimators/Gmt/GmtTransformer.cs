using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Weights;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>A language model that reads a knowledge graph as memory: adds a verdict, an answer in words and an explanation to rows that name triples.</summary>
/// <remarks>
/// <para>Made by <see cref="GmtFinetuneEstimator"/>, or loaded by <c>ml.Model.Load</c>. Any number of threads may use one at once. It holds native
/// memory: dispose it, or the chain that it is part of, when no view, cursor or prediction engine made from it is in use any more.</para>
/// <para>It owns its graph module, and needs no other transformer. What of a triple is masked in its evidence is <see cref="Mask"/>. A row with a name
/// that the graph lacks has empty evidence, score 0 and probability 0.5, no response and no explanation.</para>
/// <para>A base model of more than 256 MB is not saved with it but referred to, by path, sizes and a hash of headers, and bound on first use: it is looked
/// for at its recorded path and in the folders of the environment variable <c>GMT_MODELS</c>, or given by
/// <see cref="GmtCatalog.BindBaseModel"/>.</para>
/// </remarks>
public sealed class GmtTransformer : ITransformer, IDisposable
{
    internal const string LoaderSignature = "GmtTransform";

    internal static readonly ModelFormat Format = new(
        Signature: "GMT LLM ",
        LoaderSignature,
        // 0x00010001: initial
        Version: 0x00010001,
        ReadableFrom: 0x00010001);

    private const long LargestEmbedded = 256L << 20;

    private readonly IHost _host;
    private readonly FinetunedModel _model;
    private bool _isDisposed;

    internal GmtTransformer(IHostEnvironment environment, FinetunedModel model, GmtTransformerSettings settings, TrainingHistory history)
    {
        _host = environment.Register(nameof(GmtTransformer));
        (_model, Settings, History) = (model, settings, history);
    }

    /// <summary>The graph that evidence is read from.</summary>
    public KnowledgeGraph Graph => _model.Graph;

    /// <summary>Loss, rate and validation loss of the training, step by step.</summary>
    public TrainingHistory History { get; }

    /// <summary>What of a row's triple is hidden from its own evidence.</summary>
    public QueryMask Mask => Settings.Mask;

    /// <summary>Rows can be mapped one by one.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>Whether the base model is loaded; else it is on first use.</summary>
    public bool IsBaseModelBound => Model.IsBound;

    internal GmtTransformerSettings Settings { get; }

    internal FinetunedModel Model
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _model;
        }
    }

    private bool IsEmbedding => Settings.Storage switch
    {
        BaseModelStorage.Embedded => true,
        BaseModelStorage.Referenced => false,
        _ => Settings.BaseModel.ByteCount <= LargestEmbedded,
    };

    /// <summary>Asks the model about triples directly, without data views; it belongs to the transformer.</summary>
    /// <exception cref="DirectoryNotFoundException">The base model was not found.</exception>
    public TripleJudge GetJudge() => Model.Get().Judge;

    /// <summary>The schema of transformed data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return NewMapper(inputSchema).OutputSchema;
    }

    /// <summary>Adds the columns, lazily.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new BatchedView(input, NewMapper(input.Schema), Settings.BatchSize);
    }

    /// <summary>Maps single rows, as prediction engines need it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new BatchedRowMapper(NewMapper(inputSchema));
    }

    /// <summary>Frees the model and its base.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _model.Dispose();
        }
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        MlNetInternals.WriteHeader(ctx, Format);

        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: GmtTransformerSettings, with Storage Embedded or Referenced as it was decided
        // weights.safetensors: all parameters but the base model's, under the reference's names
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat
        // history.csv: the training's steps
        // base-NAME: where Storage is Embedded, each file of the base model's folder
        bool embed = IsEmbedding;
        ModelFiles.WriteConfig(ctx, Settings with { Storage = embed ? BaseModelStorage.Embedded : BaseModelStorage.Referenced });
        ModelFiles.WriteWeights(ctx, Model.Weights());
        ModelFiles.WriteGraph(ctx, Graph);
        ModelFiles.WriteHistory(ctx, History);
        if (embed)
        {
            ModelFiles.WriteBaseModel(ctx, Model.BaseFolder, Settings.BaseModel);
        }
    }

    internal static GmtTransformer Load(IHostEnvironment environment, ModelEntries entries)
    {
        // *** Binary format ***
        // See Save.
        var settings = ModelFiles.ReadConfig<GmtTransformerSettings>(entries);
        KnowledgeGraph graph = ModelFiles.ReadGraph(entries);
        TrainingHistory history = ModelFiles.ReadHistory(entries);
        ExtractedBaseModel? extracted = settings.Storage == BaseModelStorage.Embedded ? ModelFiles.ReadBaseModel(entries, settings.BaseModel) : null;
        SafetensorsFile weights = ModelFiles.ReadWeights(entries);
        return new GmtTransformer(environment, new FinetunedModel(settings, graph, weights, extracted), settings, history);
    }

    private GmtMapper NewMapper(DataViewSchema inputSchema)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new GmtMapper(this, inputSchema, new UnknownNames(_host));
    }
}
