using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>
/// A finetuned model whose base may be yet to come: until then its weights wait as they were stored. Any number of threads may use it.
/// </summary>
internal sealed class FinetunedModel : IDisposable
{
    private readonly SafetensorsFile? _stored;

    /// <summary>A model that was just trained.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="baseModel">Its base; taken over.</param>
    /// <param name="model">The model on that base; taken over.</param>
    public FinetunedModel(GmtTransformerSettings settings, LanguageModel baseModel, GmtModel model)
    {
        (Graph, Tokenizer) = (model.Graph, new TokenizerBinding(settings.Tokenizer, baseModel.Tokenizer));
        Binding = new BaseModelBinding<Bound>(
            new BaseModelFolder(settings.BaseModel, settings.Storage), _ => throw new InvalidOperationException("It is bound already."),
            new Bound(baseModel, model, settings));
    }

    /// <summary>A model that was loaded.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="stored">Its weights, all but the base's; taken over.</param>
    /// <param name="baseFolder">Where its base is; taken over.</param>
    /// <param name="device">Where it computes.</param>
    public FinetunedModel(
        GmtTransformerSettings settings, KnowledgeGraph graph, SafetensorsFile stored, BaseModelFolder baseFolder, Device device)
    {
        (Graph, Tokenizer, _stored) = (graph, new TokenizerBinding(settings.Tokenizer), stored);
        Binding = new BaseModelBinding<Bound>(
            baseFolder,
            path => Load(settings, graph, stored, LanguageModel.LoadSaved(path, Tokenizer.Get(), settings.ComputeType, device)));
    }

    public KnowledgeGraph Graph { get; }

    /// <summary>The tokenizer, where it is not that of the base model's folder.</summary>
    public TokenizerBinding Tokenizer { get; }

    /// <summary>The model and who asks it, on its base.</summary>
    public BaseModelBinding<Bound> Binding { get; }

    /// <summary>The weights under the reference's names; the live ones, to be read only.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Weights() => Binding.Bound is { } bound ? WeightsOf(bound.Model) : WeightsOf(_stored!);

    /// <summary>Makes a model on a base with these weights, of which it has copies.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="baseModel">The base; not disposed with the model.</param>
    /// <param name="weights">All weights but the base's.</param>
    /// <param name="source">Where they are from, for messages.</param>
    /// <param name="fittedOn">What the graph module was trained on; see <see cref="GmtModel.FittedOn"/>.</param>
    public static GmtModel Restore(
        GmtTransformerSettings settings, KnowledgeGraph graph, LanguageModel baseModel, IReadOnlyDictionary<string, Tensor> weights,
        string source, Func<KnownTriples?>? fittedOn)
    {
        SgmScorer graphSide = SavedSgmModel.Restore(settings.GraphModule, graph, weights, source);
        GmtModel? model = null;
        try
        {
            ParameterBudget budget = ParameterBudget.Of(weights, source);
            model = new GmtModel(
                baseModel.Model, graph, graphSide.Module, settings.Memory, new RandomStreams(0), budget, settings.Features?.Shape)
            {
                FittedOn = fittedOn,
            };
            StateDict.Load(WeightsOf(model), weights, source, "the model");
            return model;
        }
        catch
        {
            ((IDisposable?)model ?? graphSide).Dispose(); // the model owns the module
            throw;
        }
    }

    public void Dispose()
    {
        Binding.Dispose();
        _stored?.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> WeightsOf(GmtModel model) =>
        GmtStateDict.OfEncoder(model).Concat(GmtStateDict.OfMemory(model)).Concat(GmtStateDict.OfFeatures(model));

    private static IEnumerable<KeyValuePair<string, Tensor>> WeightsOf(SafetensorsFile stored) =>
        stored.Names.Select(name => KeyValuePair.Create(name, stored.Get(name)));

    private static Bound Load(GmtTransformerSettings settings, KnowledgeGraph graph, SafetensorsFile stored, LanguageModel baseModel)
    {
        try
        {
            using var scope = NewDisposeScope();
            Func<KnownTriples?> fittedOn = TrainingTriples.Recorded(settings.FittedOnTrainingTriples, graph);
            GmtModel model = Restore(settings, graph, baseModel, WeightsOf(stored).ToDictionary(), stored.Path, fittedOn);
            return new Bound(baseModel, model, settings);
        }
        catch
        {
            baseModel.Dispose();
            throw;
        }
    }

    /// <summary>A model on its base.</summary>
    internal sealed class Bound : IDisposable
    {
        public Bound(LanguageModel baseModel, GmtModel model, GmtTransformerSettings settings)
        {
            model.Freeze();
            (Base, Model) = (baseModel, model);
            Judge = new TripleJudge(model, baseModel.Tokenizer, settings.Text.Prompt, settings.Text.Template, settings.Mask);
        }

        public LanguageModel Base { get; }

        public GmtModel Model { get; }

        public TripleJudge Judge { get; }

        public void Dispose()
        {
            Model.Dispose();
            Base.Dispose();
        }
    }
}
