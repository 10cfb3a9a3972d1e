using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Benchmarks.Accuracy;

/// <summary>
/// GMT on labeled triples: stage 2 with columns of features as memory, the base frozen. What the layers below the memory make of each row
/// is computed once for all runs.
/// </summary>
internal sealed class GmtVerdicts : IDisposable
{
    private const int BatchSize = 64;

    private readonly LabeledRows _rows;
    private readonly LanguageModel _base;
    private readonly SgmTransformer _contexts;
    private readonly GraphEvidence _evidence;
    private readonly LabeledQuestions _questions;
    private readonly FrozenStates? _frozen;
    private readonly int[] _layers;

    /// <param name="rows">The labeled triples.</param>
    /// <param name="baseModel">The folder of the language model.</param>
    /// <param name="memoryLayers">How many of its top layers read the memory.</param>
    /// <param name="computeType">What it computes in; null for the faster type.</param>
    public GmtVerdicts(LabeledRows rows, string baseModel, int memoryLayers, ScalarType? computeType = null)
    {
        _rows = rows;
        var ml = new MLContext(seed: 1);
        _contexts = ml.Transforms.SgmPretrain(rows.Graph, new SgmPretrainEstimator.Options
        {
            GraphModule = new SgmOptions { GraphDimension = 64 },
            Training = new SgmTrainingOptions { NumberOfEpochs = 0 },
        }).Fit(rows.Graph.ToDataView());
        _evidence = _contexts.Transform(rows.Views()[0]).GetColumn<GraphEvidence>("Evidence").First();
        _base = LanguageModel.Load(baseModel, computeType: computeType);
        int count = _base.Model.Config.LayerCount;
        _layers = [.. Enumerable.Range(count - memoryLayers, memoryLayers)];
        _questions = new LabeledQuestions(rows, _base);
        _frozen = FrozenStates.Of(_base.Model, _layers[0], _questions.All);
    }

    /// <summary>Learns from labeled rows and judges all.</summary>
    /// <param name="columns">The features; null for none.</param>
    /// <param name="learned">Rows to learn from.</param>
    /// <param name="held">Rows that choose the epoch; may be empty, then the last one counts.</param>
    /// <param name="judged">Rows to judge.</param>
    /// <param name="options">Rate, epochs, seed.</param>
    /// <param name="contexts">Whether the contexts of relations are in the memory too.</param>
    /// <returns>Log-odds of the judged rows, and the best epoch's loss.</returns>
    public (float[] LogOdds, TrainingResult Result) Learn(
        FeatureMatrix? columns, int[] learned, int[] held, int[] judged, GmtTrainingOptions options, bool contexts = true)
    {
        KnowledgeGraph graph = contexts ? _rows.Graph : WithoutEdges(_rows.Graph);
        FeatureMemoryShape? shape = columns is null ? null : new FeatureMemoryShape(
            new FeatureMemoryOptions(), FeatureScaling.Fit([.. learned.Select(row => columns.Row(row).ToArray())], columns.Slots));
        using IDisposable modes = TorchModes.Own();
        using GmtModel model = new(
            _base.Model, graph, _evidence.Model.Clone().Module, new MemoryOptions { MemoryLayers = _layers },
            new RandomStreams(options.Seed!.Value), features: shape);
        var trainer = new GmtTrainer(model, options with { Mask = _evidence.Mask }) { Frozen = _frozen };
        TrainingResult result = trainer.Train(Rows(learned), Rows(held));
        return ([.. judged.Chunk(BatchSize).SelectMany(chunk => Judge(model, Rows(chunk)))], result);

        TokenizedRow[] Rows(int[] places) => _questions.Rows(places, columns);
    }

    /// <summary>The language model's own log-odds, without any memory.</summary>
    public float[] ByWordsAlone(int[] judged) =>
        [.. judged.Chunk(BatchSize).SelectMany(chunk => Judge(null, _questions.Rows(chunk, columns: null)))];

    /// <summary>The same questions, read with features as tokens of the prompt.</summary>
    public PrefixVerdicts AsPrefix() => new(_base.Model, _questions);

    public void Dispose()
    {
        _frozen?.Dispose();
        _base.Dispose();
        _contexts.Dispose();
    }

    private static KnowledgeGraph WithoutEdges(KnowledgeGraph graph) =>
        new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names).Build(graph.AddInverse);

    private float[] Judge(GmtModel? model, TokenizedRow[] rows)
    {
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        LlamaModel language = _base.Model;
        using LabeledBatch batch = LabeledBatch.PadLeft(rows);
        AttentionContext context = language.CreateContext(batch.InputIds, batch.AttentionMask);
        AttentionHook? hook = model?.ReadEvidence(model.CollectEvidence(batch.Queries, _evidence.Mask), batch.Features).Hook;
        (Tensor start, int from) = _frozen is null ? (language.Embed(batch.InputIds), 0) : (_frozen.Of(rows), _frozen.Layers);
        Tensor hidden = language.RunLayers(start, context, from, hook: hook, keepLast: 2);              // [batch, 2, hidden]
        Tensor logits = language.Logits(language.FinalNorm(hidden.select(1, 0)));                       // [batch, vocabulary]
        Tensor odds = logits.select(1, _questions.True) - logits.select(1, _questions.False);         // [batch]
        return [.. odds.contiguous().data<float>()];
    }
}
