using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>
/// A language model that reads a knowledge graph as memory: adds a verdict, an answer in words and an explanation to rows that name
/// triples.
/// </summary>
/// <remarks>
/// <para>Made by <see cref="GmtFinetuneEstimator"/>, or loaded by <c>ml.Model.Load</c>. On threads and disposal see
/// <see cref="BatchedTransformer"/>.</para>
/// <para>It owns its graph module, and needs no other transformer. What of a triple is masked in its evidence is <see cref="Mask"/>.</para>
/// <para>Names are looked up as <see cref="KnowledgeGraph.FindEntity"/> does it: labels count, and a name in another case or normal form is
/// found with a warning. A row with a name that the graph lacks has no verdict: <c>Known</c> and <c>PredictedLabel</c> are false, score and
/// probability NaN, response and explanation empty. ML.NET's metrics pass such rows over in silence; a warning counts them when a cursor is
/// closed, and <see cref="GmtScoringOptions.UnknownNameHandling"/> makes them errors.</para>
/// <para>A base model of more than 256 MB is not saved with it but referred to, by its folder's name and the hashes of its files, and
/// bound on first use: it is looked for where this user's programs last had it and in the folders of the environment variable
/// <c>GMT_MODELS</c>, or given by <see cref="BaseModelCatalog.BindBaseModel"/>.</para>
/// <para>The base model's files stay mapped while it is used. Replace them by renaming others over them or in another folder: a file that
/// is overwritten or cut short in place changes the model's answers or ends the process (SIGBUS), which no program can prevent. Where
/// that may happen, embed the model (<see cref="BaseModelStorage.Embedded"/>) or bind a copy of its folder.</para>
/// <para>A tokenizer of the user's, <see cref="GmtScoringOptions.Tokenizer"/>, is never saved: after loading it is given by
/// <see cref="BaseModelCatalog.BindTokenizer"/> before the first use.</para>
/// </remarks>
/// <example>
/// Asks a saved model whether a fact holds:
/// <code>
/// var ml = new MLContext();
/// ITransformer model = ml.Model.Load("facts.zip", out _);
/// using var engine = ml.Model.CreatePredictionEngine&lt;Fact, Answer>(model);
/// Answer answer = engine.Predict(new Fact { Head = "Q34", Relation = "P463", Tail = "Q151991" });
/// Console.WriteLine($"{answer.PredictedLabel}, {answer.Probability:p0}, for it read: {answer.Explanation}");
///
/// class Fact
/// {
///     public string Head { get; set; } = "";
///     public string Relation { get; set; } = "";
///     public string Tail { get; set; } = "";
/// }
///
/// class Answer
/// {
///     public bool PredictedLabel { get; set; }
///     public float Probability { get; set; }
///     public string Explanation { get; set; } = "";
/// }
/// </code>
/// </example>
public sealed partial class GmtTransformer : BatchedTransformer, IBasedOnModel
{
    internal const string LoaderSignature = "GmtTransform";

    internal static readonly ModelFormat Format = new(
        Signature: "GMT LLM ",
        LoaderSignature,
        // 0x00010001: initial
        // 0x00010002: manifest.txt, and no path of the base model
        // 0x00010003: graph.txt in place of a graph that another transformer of the chain has, and features
        Version: ModelFormat.WithSharedGraph,
        ReadableFrom: ModelFormat.WithSharedGraph);

    private readonly FinetunedModel _model;

    internal GmtTransformer(IHostEnvironment environment, FinetunedModel model, GmtTransformerSettings settings, TrainingHistory history)
        : base(environment, nameof(GmtTransformer), settings.BatchSize) => (_model, Settings, History) = (model, settings, history);

    /// <summary>The graph that evidence is read from.</summary>
    public KnowledgeGraph Graph => _model.Graph;

    /// <summary>Loss, rate and validation loss of the training, step by step.</summary>
    public TrainingHistory History { get; }

    /// <summary>What came of the training run; null for a transformer that was loaded.</summary>
    public TrainingResult? TrainingResult { get; internal init; }

    /// <summary>What of a row's triple is hidden from its own evidence.</summary>
    public QueryMask Mask => Settings.Mask;

    /// <summary>Whether the base model is loaded; else it is on first use.</summary>
    public bool IsBaseModelBound => Model.Binding.Bound is not null;

    BaseModelReference IBasedOnModel.BaseModel => Model.Binding.Folder.Reference;

    internal GmtTransformerSettings Settings { get; }

    internal FinetunedModel Model
    {
        get
        {
            ThrowIfDisposed();
            return _model;
        }
    }

    /// <summary>The model, for who has begun a use of <see cref="BatchedTransformer.Lifetime"/>.</summary>
    internal FinetunedModel ModelInUse => _model;

    /// <summary>Asks the model about triples directly, without data views; it belongs to the transformer.</summary>
    /// <param name="featurizers">
    /// For a model that reads features: the transformers that make them of the names of a triple, in their order, which are those before
    /// it in its chain. The judge calls them; they must live as long.
    /// </param>
    /// <exception cref="DirectoryNotFoundException">The base model was not found.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed; the judge then says so as well.</exception>
    public TripleJudge GetJudge(IReadOnlyList<ITransformer>? featurizers = null)
    {
        using NativeLifetime.Use use = Lifetime.Begin();
        TripleJudge judge = _model.Binding.Get().Judge.Within(Lifetime);
        return featurizers is null || Settings.Features is null ? judge
            : judge.With(new ChainFeatures(featurizers, Settings, Graph).Of);
    }

    /// <summary>
    /// The graph module's scores of triples, and of all heads or tails of a query, for ranking and retrieval; it belongs to the
    /// transformer. What is masked is said with each question; <see cref="Mask"/> is what the transformer's own columns do. It was fitted
    /// on what stage 1 was fitted on, which is not known where stage 2 trained the graph module as well.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The base model was not found.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed; the scorer then says so as well.</exception>
    public ITripleScorer GetScorer()
    {
        using NativeLifetime.Use use = Lifetime.Begin();
        return new GuardedScorer(_model.Binding.Get().Model.Scorer, Lifetime);
    }

    /// <summary>
    /// Link prediction in two steps: another model retrieves the best entities for the head and for the tail of each true row, and this one
    /// scores them again.
    /// </summary>
    /// <remarks>
    /// Entities that make another true row, or a known triple of the filter, are no candidates. Both models see a row that is an edge of
    /// the graph as if the graph lacked it, where <see cref="Mask"/> says so and the retriever can mask. A language model that was taught
    /// verdicts alone does not know how to name entities, and a small one knows few: choose the weight of its scores on validation triples.
    /// </remarks>
    /// <param name="data">Triples; those labeled false are left out.</param>
    /// <param name="retriever">
    /// The model that scores all entities, on the same graph: an embedding's, a path model's, stage 1's, or <see cref="GetScorer"/>.
    /// </param>
    /// <param name="options">How many candidates, and what is asked about them; null for the defaults.</param>
    /// <param name="featurizers">
    /// For a model that reads features: the transformers that make them of the names of a triple, in their order.
    /// </param>
    /// <param name="filter">The splits of the graph whose triples are known; null for all. The true rows themselves always are.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or an option is out of its range.</exception>
    /// <exception cref="ArgumentException">The retriever is of another graph.</exception>
    /// <exception cref="NotSupportedException">
    /// The model reads features, and the answers' names are asked for; or the featurizers do not make them of names alone.
    /// </exception>
    /// <exception cref="UnknownNameException">A row has a name that the graph lacks, and the options make that an error.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    /// <example>
    /// <code>
    /// using KgeTransformer retriever = ml.Transforms.EmbedKnowledgeGraph(graph, KgeModel.ComplEx).Fit(graph.ToDataView());
    /// using GmtTransformer model = ml.Transforms.SgmPretrain(graph).Append(ml.Transforms.GmtFinetune("models/tiny-llama"))
    ///     .Fit(graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1)).LastTransformer;
    /// RerankedLinks links = model.RerankEntities(
    ///     graph.ToDataView(GraphSplit.Validation), retriever.Scorer, new RerankingOptions { NumberOfCandidates = 10 });
    /// Console.WriteLine($"recall@10 {links.Recall:p1}; the best weight is {links.ChooseWeight()}");
    /// </code>
    /// </example>
    public RerankedLinks RerankEntities(
        IDataView data, ITripleScorer retriever, RerankingOptions? options = null, IReadOnlyList<ITransformer>? featurizers = null,
        IReadOnlyCollection<GraphSplit>? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(retriever);
        RerankingOptions settled = options ?? new RerankingOptions();
        settled.Check();
        using NativeLifetime.Use use = Lifetime.Begin();
        Triple[] triples = LabeledTriples.ReadTrue(
            data, Settings.Columns, Graph, new UnknownNames(Host, Settings.UnknownNameHandling, "they give no rank"));
        TripleJudge judge = _model.Binding.Get().Judge;
        if (featurizers is not null && Settings.Features is not null)
        {
            judge = judge.With(new ChainFeatures(featurizers, Settings, Graph).Of);
        }

        using var cancellation = new HostCancellation(Host, cancellationToken);
        var known = new KnownTriples(Graph, triples, [.. filter ?? Enum.GetValues<GraphSplit>()]);
        return new LinkReranker(judge, settled).Rerank(
            retriever, triples, known, retriever.CanMask ? Mask : QueryMask.None, cancellation.Token);
    }

    private protected override void Save(ModelSaveContext context)
    {
        var entries = new ModelEntryWriter(context, Format);

        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: GmtTransformerSettings, Tokenizer only where it is the user's, with Storage Embedded or Referenced as it was decided
        // weights.safetensors: all parameters but the base model's, under the reference's names
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat; or
        // graph.txt: the folder of the transformer that has it
        // history.csv: the training's steps
        // base-NAME: where Storage is Embedded, each file of the base model's folder
        // manifest.txt: sizes and hashes of these files; none in version 0x00010001
        ModelFiles.WriteConfig(entries, Settings with
        {
            BaseModel = _model.Binding.Folder.Recorded(),
            Storage = _model.Binding.Folder.Storage,
            FittedOnTrainingTriples = _model.Binding.Bound is { } bound
                ? TrainingTriples.AreAllOf(bound.Model.Scorer) : Settings.FittedOnTrainingTriples,
        });
        ModelFiles.WriteWeights(entries, _model.Weights());
        ModelFiles.WriteGraph(entries, Graph);
        ModelFiles.WriteHistory(entries, History);
        BaseModelEntries.Write(entries, _model.Binding.Folder);
        entries.Finish();
    }

    internal static GmtTransformer Load(IHostEnvironment environment, ModelEntries entries)
    {
        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: GmtTransformerSettings, with Storage Embedded or Referenced as it was decided
        // weights.safetensors: all parameters but the base model's, under the reference's names
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat; or
        // graph.txt: the folder of the transformer that has it
        // history.csv: the training's steps
        // base-NAME: where Storage is Embedded, each file of the base model's folder
        // manifest.txt: sizes and hashes of these files; none in version 0x00010001
        using IDisposable modes = TorchModes.Own();
        var settings = ModelFiles.ReadConfig<GmtTransformerSettings>(entries, settings => settings.Checked());
        KnowledgeGraph graph = ModelFiles.ReadGraph(entries);
        TrainingHistory history = ModelFiles.ReadHistory(entries);
        SafetensorsFile weights = ModelFiles.ReadWeights(entries);
        BaseModelFolder? baseFolder = null;
        try
        {
            GmtStoredShapes.Check(settings, weights);
            baseFolder = BaseModelEntries.Read(
                entries, settings.BaseModel, settings.Storage, MlNetInternals.TemporaryFolder(environment));
            var model = new FinetunedModel(settings, graph, weights, baseFolder, MlNetInternals.Device(environment));
            return new GmtTransformer(environment, model, settings, history);
        }
        catch
        {
            baseFolder?.Dispose();
            weights.Dispose();
            throw;
        }
    }

    void IBasedOnModel.BindBaseModel(string folder)
    {
        using NativeLifetime.Use use = Lifetime.Begin();
        if (_model.Tokenizer.IsMissing)
        {
            _model.Binding.Folder.BindTo(folder);    // it is loaded when its tokenizer is there
        }
        else
        {
            _model.Binding.BindTo(folder);
        }
    }

    private protected override BatchMapper NewMapper(DataViewSchema inputSchema) => new GmtMapper(
        this, inputSchema, new UnknownNames(Host, Settings.UnknownNameHandling, UnknownNames.NotScored(Settings.Outputs.Known)));

    private protected override void Free() => _model.Dispose();
}
