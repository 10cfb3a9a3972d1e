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
    private readonly Device _device;
    private Bound? _bound;

    /// <summary>A model that was just trained.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="baseModel">Its base; taken over.</param>
    /// <param name="model">The model on that base; taken over.</param>
    public FinetunedModel(GmtTransformerSettings settings, LoadedBaseModel baseModel, GmtModel model)
    {
        (_settings, Graph, BaseFolder) = (settings, model.Graph, new BaseModelFolder(settings.BaseModel, settings.Storage));
        _device = baseModel.Model.Device;
        _bound = NewBound(baseModel, model);
    }

    /// <summary>A model that was loaded.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="stored">Its weights, all but the base's; taken over.</param>
    /// <param name="baseFolder">Where its base is; taken over.</param>
    /// <param name="device">Where it computes.</param>
    public FinetunedModel(GmtTransformerSettings settings, KnowledgeGraph graph, SafetensorsFile stored, BaseModelFolder baseFolder, Device device) =>
        (_settings, Graph, _stored, BaseFolder, _device) = (settings, graph, stored, baseFolder, device);

    public KnowledgeGraph Graph { get; }

    /// <summary>Where the base model's files are.</summary>
    public BaseModelFolder BaseFolder { get; }

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
            return _bound ?? Bind();
        }
    }

    /// <summary>Binds the base model that lies in a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">The folder holds another model.</exception>
    public void BindTo(string folder)
    {
        lock (_binding)
        {
            BaseFolder.BindTo(folder);
            if (_bound is null)
            {
                Bind();
            }
        }
    }

    /// <summary>The weights under the reference's names; the live ones, to be read only.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Weights() => Volatile.Read(ref _bound) is { } bound
        ? WeightsOf(bound.Model)
        : _stored!.Names.Select(name => KeyValuePair.Create(name, _stored.Get(name)));

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
        BaseFolder.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> WeightsOf(GmtModel model) => GmtStateDict.OfEncoder(model).Concat(GmtStateDict.OfMemory(model));

    private Bound Bind()
    {
        LoadedBaseModel baseModel = LoadedBaseModel.Load(BaseFolder.Path, _settings.ComputeType, _device);
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

    private Bound NewBound(LoadedBaseModel baseModel, GmtModel model)
    {
        model.Freeze();
        return new Bound(baseModel, model, new TripleJudge(model, baseModel.Tokenizer, _settings.Text.Prompt, _settings.Text.Template, _settings.Mask));
    }

    /// <summary>A model on its base.</summary>
    internal sealed record Bound(LoadedBaseModel Base, GmtModel Model, TripleJudge Judge);
}
