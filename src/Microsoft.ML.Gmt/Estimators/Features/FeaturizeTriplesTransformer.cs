using Microsoft.ML.Gmt.Features;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Adds what a graph says of triples as a vector with named slots.</summary>
/// <remarks>
/// Made by <see cref="FeaturizeTriplesEstimator"/>, or loaded by <c>ml.Model.Load</c>. On threads and disposal see
/// <see cref="BatchedTransformer"/>. It owns the scorers that were fitted with it, not those that were given fitted. After loading, rules
/// are mined and the edge memory is inverted anew when the first row is asked for.
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext(seed: 42);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// IDataView labeled = graph.ToLabeledDataView(GraphSplit.Validation);
/// using FeaturizeTriplesTransformer features = ml.Transforms.FeaturizeTriples("Features", graph).Fit(labeled);
/// ITransformer judge = ml.BinaryClassification.Trainers.SdcaLogisticRegression().Fit(features.Transform(labeled));
/// </code>
/// </example>
public sealed class FeaturizeTriplesTransformer : BatchedTransformer
{
    internal const string LoaderSignature = "GmtFeaturizeTriples";

    internal static readonly ModelFormat Format = new(
        Signature: "GMT FEAT",
        LoaderSignature,
        // 0x00010002: initial, with manifest.txt
        Version: ModelFormat.WithManifest,
        ReadableFrom: ModelFormat.WithManifest);

    private readonly TextNeighbors? _texts;
    private readonly IReadOnlyList<FeatureScorerModel> _scorers;
    private readonly Lazy<TripleFeatures> _features;
    private int _saidWithoutScores;

    internal FeaturizeTriplesTransformer(
        IHostEnvironment environment, KnowledgeGraph graph, FeaturizeTriplesSettings settings, TextNeighbors? texts,
        IReadOnlyList<FeatureScorerModel> scorers, Func<TripleFeatures> features)
        : base(environment, nameof(FeaturizeTriplesTransformer), settings.BatchSize)
    {
        (Graph, Settings, _texts, _scorers) = (graph, settings, texts, scorers);
        _features = new Lazy<TripleFeatures>(features);
        Paths = PathSource.Of(scorers);
    }

    /// <summary>The graph that features are read from.</summary>
    public KnowledgeGraph Graph { get; }

    /// <summary>The names of the slots, as the column's annotation has them.</summary>
    public IReadOnlyList<string> SlotNames => [.. Settings.Slots.Select(slot => slot.Name)];

    /// <summary>What each slot holds, in a sentence.</summary>
    public IReadOnlyList<string> SlotMeanings => [.. Settings.Slots.Select(slot => slot.Meaning)];

    /// <summary>
    /// The edge memory as a scorer of triples, for ranking and retrieval: the sum of its predictions from both ends. Null where the options
    /// leave it out.
    /// </summary>
    /// <remarks>Above 20,000 entities an equation is solved for every candidate: it scores triples there, and ranks slowly.</remarks>
    public ITripleScorer? EdgeMemory => _features.Value is { EdgeMemory: { } inverse } features
        ? new EdgeMemoryScorer(Graph, features.Edges, inverse)
        : null;

    internal FeaturizeTriplesSettings Settings { get; }

    /// <summary>The path models among the scorers; null where there are none.</summary>
    internal PathSource? Paths { get; }

    /// <summary>The features of rows, [rows, slots].</summary>
    internal float[] Compute(ReadOnlySpan<TripleQuery?> rows)
    {
        (float[] values, int withoutScores) = _features.Value.Compute(rows, CancellationToken.None);
        if (withoutScores > 0 && Interlocked.Exchange(ref _saidWithoutScores, 1) == 0)
        {
            using IChannel channel = Host.Start("Features");
            channel.Warning(
                MessageSensitivity.None,
                "Rows are edges of the graph that a scorer was fitted on and can't mask: its features are NaN there. Fit these features on "
                + "rows with such edges, and they are cross-fitted.");
        }

        return values;
    }

    private protected override void Save(ModelSaveContext context)
    {
        var entries = new ModelEntryWriter(context, Format);

        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: FeaturizeTriplesSettings
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat
        // text-neighbors.bin: where there are any, see TextNeighborsFile
        // manifest.txt: sizes and hashes of these files
        // scorer-N, scorer-N-fold-M: folders of the scorers' transformers
        ModelFiles.WriteConfig(entries, Settings);
        ModelFiles.WriteGraph(entries, Graph);
        if (_texts is not null)
        {
            entries.Write(TextNeighborsFile.Name, stream => TextNeighborsFile.Write(stream, _texts));
        }

        entries.Finish();
        for (int scorer = 0; scorer < _scorers.Count; scorer++)
        {
            MlNetInternals.SaveInner(context, _scorers[scorer].Whole, $"scorer-{scorer}");
            for (int fold = 0; fold < _scorers[scorer].Parts.Count; fold++)
            {
                MlNetInternals.SaveInner(context, _scorers[scorer].Parts[fold], $"scorer-{scorer}-fold-{fold}");
            }
        }
    }

    internal static FeaturizeTriplesTransformer Load(IHostEnvironment environment, ModelEntries entries, Func<string, ITransformer> inner)
    {
        // *** Binary format ***
        // <nothing beside the header; the rest stands in entries of their own>
        // config.json: FeaturizeTriplesSettings
        // graph.gmtgraph: the graph with its vocabularies, see KnowledgeGraphFormat
        // text-neighbors.bin: where there are any, see TextNeighborsFile
        // manifest.txt: sizes and hashes of these files
        // scorer-N, scorer-N-fold-M: folders of the scorers' transformers
        var settings = ModelFiles.ReadConfig<FeaturizeTriplesSettings>(entries, settings => settings.Checked());
        KnowledgeGraph graph = ModelFiles.ReadGraph(entries);
        TextNeighbors? texts = settings.HasTextNeighbors
            ? entries.Read(TextNeighborsFile.Name, stream => TextNeighborsFile.Read(stream, graph.Entities.Count, entries))
            : null;
        List<FeatureScorerModel> scorers = [];
        try
        {
            for (int scorer = 0; scorer < settings.Scorers.Count; scorer++)
            {
                int folds = settings.IsFolded[scorer] ? settings.NumberOfFolds : 0;
                List<ITransformer> parts = [];
                ITransformer whole = inner($"scorer-{scorer}");
                scorers.Add(new FeatureScorerModel(settings.Scorers[scorer], whole, parts, IsOwned: true));
                for (int fold = 0; fold < folds; fold++)
                {
                    parts.Add(inner($"scorer-{scorer}-fold-{fold}"));
                }
            }

            var named = new TripleFolds(settings.NumberOfFolds, settings.Seed);
            FoldedScorer[] folded = [.. scorers.Select(scorer => scorer.For(graph, named))];
            return new FeaturizeTriplesTransformer(environment, graph, settings, texts, scorers, () =>
                TripleFeatures.Make(new SignedEdges(graph), settings, texts, folded, _ => { }, CancellationToken.None));
        }
        catch (Exception e)
        {
            scorers.ForEach(scorer => scorer.Dispose());
            throw e is ArgumentException ? entries.Fault("config.json", $"a scorer does not fit the graph: {e.Message}", e) : e;
        }
    }

    private protected override BatchMapper NewMapper(DataViewSchema inputSchema) => new FeaturizeTriplesMapper(
        this, inputSchema,
        new UnknownNames(Host, Settings.UnknownNameHandling, $"their {Settings.KnownColumnName} is false, their features are NaN"));

    private protected override void Free()
    {
        foreach (FeatureScorerModel scorer in _scorers)
        {
            scorer.Dispose();
        }
    }
}
