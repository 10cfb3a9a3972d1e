using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>A path model over a graph: adds scores to rows that name triples, and ranks the entities that complete one.</summary>
/// <remarks>
/// <para>Made by <see cref="PathScoringEstimator"/> or <see cref="PathTrainingEstimator"/>, or loaded by <c>ml.Model.Load</c>: weights
/// and graph are saved with it. On threads and
/// disposal see <see cref="BatchedTransformer"/>. A score has the same bits in whatever batch and on however many threads it is
/// computed.</para>
/// <para>Where a row's triple is an edge of the graph, its score is that of a graph without that edge
/// (<see cref="TripleScoringTransformer.Mask"/>); the relations are still described by all edges, as the model was trained. What the
/// weights have seen is told by <see cref="Origin"/>.</para>
/// <para>Names are looked up as <see cref="KnowledgeGraph.FindEntity"/> does it. A row with a name that the graph lacks has no score:
/// <c>Known</c> is false, the scores are NaN; a warning counts such rows when a cursor is closed.</para>
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext();
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// using PathScoringTransformer model = ml.Transforms.ApplyPathModel(graph, "models/ultra_3g.pth").Fit(graph.ToDataView());
///
/// // Which languages does the model miss in Sweden?
/// int sweden = graph.Entities.GetId("Q34"), language = graph.Relations.GetId("P37");
/// var known = new KnownTriples(graph);
/// foreach (ScoredTriple found in EntityRetrieval.Tails(model.Scorer, sweden, language, 5, triple => !known.Contains(triple)))
/// {
///     Console.WriteLine($"{graph.TripleText(found.Triple)}: {found.Score:f2}");
/// }
///
/// ml.Model.Save(model, graph.ToDataView().Schema, "paths.zip");
/// </code>
/// </example>
public sealed class PathScoringTransformer : TripleScoringTransformer
{
    internal const string LoaderSignature = "GmtPathTransform";

    internal static readonly ModelFormat Format = new(
        Signature: "GMT PATH",
        LoaderSignature,
        // 0x00010002: initial, with manifest.txt; models that were trained on their graph say so in config.json
        Version: ModelFormat.WithManifest,
        ReadableFrom: ModelFormat.WithManifest);

    internal const int MostPaths = 1000;

    private readonly PathScorer _model;
    private readonly Lazy<ScoreJudge> _judge;

    internal PathScoringTransformer(IHostEnvironment environment, PathScorer model, PathScoringSettings settings)
        : base(
            environment, nameof(PathScoringTransformer), settings.BatchSize, model, settings.Columns, settings.Mask,
            settings.UnknownNameHandling)
    {
        (_model, Settings) = (model, settings);
        _judge = new(() => new ScoreJudge(Scorer));
    }

    /// <summary>Which checkpoint the weights are of or started from, what it was trained on as far as known, and whether they were
    /// trained on this graph.</summary>
    public PathModelOrigin Origin => _model.Model.Origin;

    /// <summary>Where its weights come from, and its graph.</summary>
    public override string ToString() => $"path model of {Graph}; weights: {Origin}";

    /// <summary>
    /// Verdicts with nothing trained: a threshold and a probability for each relation, fitted on the graph's own triples against typed
    /// negatives, without labels.
    /// </summary>
    /// <remarks>
    /// Every call gives the same judge, so that what it has fitted is kept. It hides a stated triple from its own verdict whatever
    /// <see cref="TripleScoringTransformer.Mask"/> says, and lives as long as the transformer.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    /// <example>
    /// <code>
    /// using PathScoringTransformer model = ml.Transforms.ApplyPathModel(graph, "models/ultra_50g.pth").Fit(graph.ToDataView());
    /// Triple[] questions = [graph.GetTriple("Sweden", "member of", "European Southern Observatory")];
    /// foreach (ScoreVerdict verdict in model.GetJudge().Judge(questions))
    /// {
    ///     Console.WriteLine($"{verdict.IsTrue}, {verdict.Probability:p0}");
    /// }
    /// </code>
    /// </example>
    public ScoreJudge GetJudge()
    {
        ThrowIfDisposed();
        return _judge.Value;
    }

    /// <summary>What came of the training run; null for a model that was loaded.</summary>
    public TrainingResult? TrainingResult { get; internal init; }

    internal PathScorer Model
    {
        get
        {
            ThrowIfDisposed();
            return _model;
        }
    }

    /// <summary>The model, for who has begun a use of <see cref="BatchedTransformer.Lifetime"/>.</summary>
    internal PathScorer ModelInUse => _model;

    internal PathScoringSettings Settings { get; }

    /// <summary>The paths through the graph that carried a score, by weight.</summary>
    /// <remarks>
    /// An edge weighs, in each layer, the score's derivative by a factor on its message; a path weighs the mean of its edges, one a layer
    /// at most, so it has no more facts than the model has layers (Zhu et al. 2021, NBFNet). It does not come back to where it began.
    /// Weights are of first order: they rank paths, and do not add up to the score. What <see cref="TripleScoringTransformer.Mask"/> hides
    /// is on no path.
    /// </remarks>
    /// <param name="triple">The triple, of <see cref="Graph"/>.</param>
    /// <param name="side">Which of its scores: that of the tail, walked to from the head, or that of the head.</param>
    /// <param name="count">How many paths; from 1 to 1,000.</param>
    /// <returns>The greatest weight first; fewer where there are not as many, none where nothing leads there.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The triple is not of the graph, or the count is out of its range.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    /// <example>
    /// <code>
    /// using PathScoringTransformer model = ml.Transforms.ApplyPathModel(graph, "models/ultra_50g.pth").Fit(graph.ToDataView());
    /// Triple question = graph.GetTriple("Sweden", "member of", "European Southern Observatory");
    /// foreach (ExplainedPath path in model.ExplainPaths(question))
    /// {
    ///     Console.WriteLine($"{path.Weight:f2}: {path.Text(graph)}");
    /// }
    /// </code>
    /// </example>
    public IReadOnlyList<ExplainedPath> ExplainPaths(Triple triple, RankSide side = RankSide.Tail, int count = 5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostPaths);
        Graph.Bounds.Check(triple, nameof(triple));
        return ExplainPaths(new PathAsk(triple, AsksTail: side == RankSide.Tail, Row: 0), Mask, count);
    }

    /// <summary>The same of a triple that hides what another mask says.</summary>
    internal IReadOnlyList<ExplainedPath> ExplainPaths(PathAsk ask, QueryMask mask, int count)
    {
        using NativeLifetime.Use use = Lifetime.Begin();
        return PathExplainer.Explain(_model, ask, mask, count);
    }

    internal static PathScoringTransformer Load(IHostEnvironment environment, ModelEntries entries)
    {
        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: PathScoringSettings
        // weights.safetensors: the tensors under the checkpoint's names, or of a model trained from nothing under its own
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat
        // manifest.txt: sizes and hashes of these files
        using IDisposable modes = TorchModes.Own();
        var settings = ModelFiles.ReadConfig<PathScoringSettings>(entries, settings => settings.Checked());
        KnowledgeGraph graph = ModelFiles.ReadGraph(entries);
        PathModel model = SavedPathModel.Read(entries, settings, graph);
        Func<KnownTriples?> fittedOn = TrainingTriples.Recorded(settings.FittedOnTrainingTriples, graph);
        return new PathScoringTransformer(environment, new PathScorer(model, graph, fittedOn, settings.MaximumExpandedEntities), settings);
    }

    private protected override void Save(ModelSaveContext context)
    {
        var entries = new ModelEntryWriter(context, Format);

        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: PathScoringSettings
        // weights.safetensors: the tensors under the checkpoint's names, or of a model trained from nothing under its own
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat
        // manifest.txt: sizes and hashes of these files
        ModelFiles.WriteConfig(entries, Settings with { FittedOnTrainingTriples = TrainingTriples.AreAllOf(_model) });
        SavedPathModel.Write(entries, _model.Model);
        ModelFiles.WriteGraph(entries, Graph);
        entries.Finish();
    }

    private protected override BatchMapper NewMapper(DataViewSchema inputSchema) => new PathScoringMapper(
        this, inputSchema, NewUnknownNames($"their {Settings.Outputs.Known} is false, their scores are NaN"));

    private protected override void Free() => _model.Dispose();
}
