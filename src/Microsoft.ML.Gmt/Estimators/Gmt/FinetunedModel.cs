using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>
/// A finetuned model whose base may be yet to come: until then its weights wait as they were stored. Any number of threads may use it.
/// </summary>
internal sealed class FinetunedModel : IDisposable
{
    private readonly Lock _binding = new();
    private readonly GmtTransformerSettings _settings;
    private readonly SafetensorsFile? _stored;
    private readonly ExtractedBaseModel? _extracted;
    private Bound? _bound;

    /// <summary>A model that was just trained.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="baseModel">Its base; taken over.</param>
    /// <param name="model">The model on that base; taken over.</param>
    public FinetunedModel(GmtTransformerSettings settings, LoadedBaseModel baseModel, GmtModel model)
    {
        (_settings, Graph) = (settings, model.Graph);
        _bound = NewBound(baseModel, model);
    }

    /// <summary>A model that was loaded.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="stored">Its weights, all but the base's; taken over.</param>
    /// <param name="extracted">Its base out of the same archive, taken over; null where the archive refers to one.</param>
    public FinetunedModel(GmtTransformerSettings settings, KnowledgeGraph graph, SafetensorsFile stored, ExtractedBaseModel? extracted) =>
        (_settings, Graph, _stored, _extracted) = (settings, graph, stored, extracted);

    public KnowledgeGraph Graph { get; }

    /// <summary>Whether the base model is there already.</summary>
    public bool IsBound => Volatile.Read(ref _bound) is not null;

    /// <summary>The model and who asks it; binds the base on first use.</summary>
    /// <exception cref="DirectoryNotFoundException">The base model was not found.</exception>
    public Bound Get()
    {
        if (Volatile.Read(ref _bound) is { } bound)
        {
            return bound;
        }

        lock (_binding)
        {
            return _bound ?? Bind(_extracted?.Folder ?? BaseModelResolver.Find(_settings.BaseModel));
        }
    }

    /// <summary>Binds the base model that lies in a folder.</summary>
    /// <exception cref="InvalidDataException">The folder holds another model.</exception>
    public void BindTo(string folder)
    {
        lock (_binding)
        {
            if (!_settings.BaseModel.IsIn(folder, out string difference))
            {
                throw new InvalidDataException($"'{folder}' is not the base model that this transformer was trained on: {difference}.");
            }

            if (_bound is null)
            {
                Bind(folder);
            }
        }
    }

    /// <summary>The weights under the reference's names; the live ones, to be read only.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Weights() => Volatile.Read(ref _bound) is { } bound
        ? WeightsOf(bound.Model)
        : _stored!.Names.Select(name => KeyValuePair.Create(name, _stored.Get(name)));

    /// <summary>The folder of the base model's files, which are there if <see cref="IsBound"/> or the model came with them.</summary>
    public string BaseFolder => _bound?.Base.Folder ?? _extracted?.Folder ?? BaseModelResolver.Find(_settings.BaseModel);

    /// <summary>Makes a model on a base with these weights, of which it has copies.</summary>
    public static GmtModel Restore(
        GmtTransformerSettings settings, KnowledgeGraph graph, LoadedBaseModel baseModel, IReadOnlyDictionary<string, Tensor> weights, string source)
    {
        SgmModel graphSide = SavedSgmModel.Restore(settings.GraphModule, graph, weights, source);
        GmtModel model = new(baseModel.Model, graph, graphSide.Module, settings.Memory, new RandomStreams(0));
        try
        {
            StateDict.Load(WeightsOf(model), weights, source, "the model");
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _bound?.Model.Dispose();
        _bound?.Base.Dispose();
        _stored?.Dispose();
        _extracted?.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> WeightsOf(GmtModel model) => GmtStateDict.OfEncoder(model).Concat(GmtStateDict.OfMemory(model));

    private Bound Bind(string folder)
    {
        LoadedBaseModel baseModel = LoadedBaseModel.Load(folder, _settings.ComputeType);
        try
        {
            using var scope = NewDisposeScope();
            Bound bound = NewBound(baseModel, Restore(_settings, Graph, baseModel, Weights().ToDictionary(), _stored!.Path));
            Volatile.Write(ref _bound, bound);
            return bound;
        }
        catch
        {
            baseModel.Dispose();
            throw;
        }
    }

    private Bound NewBound(LoadedBaseModel baseModel, GmtModel model) =>
        new(baseModel, model, new TripleJudge(model, baseModel.Tokenizer, _settings.Text.Prompt, _settings.Text.Template, _settings.Mask));

    /// <summary>A model on its base.</summary>
    internal sealed record Bound(LoadedBaseModel Base, GmtModel Model, TripleJudge Judge);
}
