using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// The weights of a <see cref="FoundationModel"/> as they are trained: those of all layers of a network in one tensor, in fp32 on the CPU.
/// </summary>
internal sealed class FoundationModule : nn.Module
{
    [ComponentName(Name = "relation_labels")]
    private readonly Parameter _relationLabels;

    [ComponentName(Name = "relation_layers")]
    private readonly PathLayerStack _relationLayers;

    [ComponentName(Name = "projection_first")]
    private readonly Parameter _first;

    [ComponentName(Name = "projection_first_bias")]
    private readonly Parameter _firstBias;

    [ComponentName(Name = "projection_second")]
    private readonly Parameter _second;

    [ComponentName(Name = "projection_second_bias")]
    private readonly Parameter _secondBias;

    [ComponentName(Name = "entity_layers")]
    private readonly PathLayerStack _entityLayers;

    [ComponentName(Name = "hidden")]
    private readonly Parameter _hidden;

    [ComponentName(Name = "hidden_bias")]
    private readonly Parameter _hiddenBias;

    [ComponentName(Name = "output")]
    private readonly Parameter _output;

    [ComponentName(Name = "output_bias")]
    private readonly Parameter _outputBias;

    private FoundationModule(FoundationShape shape, ParameterSource source) : base(nameof(FoundationModule))
    {
        Shape = shape;
        int width = shape.Width, hidden = shape.HiddenWidth, layers = shape.EntityLayers;
        _relationLabels = source.Get(
            "relation_labels", InitialValue.Normal(1), shape.RelationLayers, RelationGraph.LabelCount, width);
        _relationLayers = new PathLayerStack(shape.RelationLayers, width, source);
        _first = source.Get("projection_first", source.Matrix(width), layers, width, width);
        _firstBias = source.Get("projection_first_bias", source.Bias(width), layers, width);
        _second = source.Get("projection_second", source.Matrix(width), layers, width, width);
        _secondBias = source.Get("projection_second_bias", source.Bias(width), layers, width);
        _entityLayers = new PathLayerStack(layers, width, source);
        _hidden = source.Get("hidden", source.Matrix(2 * width), hidden, 2 * width);
        _hiddenBias = source.Get("hidden_bias", source.Bias(2 * width), hidden);
        _output = source.Get("output", source.Matrix(hidden), hidden);
        _outputBias = source.Get("output_bias", source.Bias(hidden), 1);
        RegisterComponents();
        foreach (Parameter parameter in parameters())
        {
            parameter.DetachFromDisposeScope(); // they live as long as the module, whatever scope it is made in
        }
    }

    /// <summary>Widths and numbers of layers.</summary>
    public FoundationShape Shape { get; }

    /// <summary>w of the relation network: [layers, 4, d].</summary>
    public Tensor RelationLabels => _relationLabels;

    /// <summary>The relation network, which has no readout.</summary>
    public PathParameters Relations => _relationLayers.Parameters();

    /// <summary>The entity network.</summary>
    public PathParameters Entities => _entityLayers.Parameters() with
    {
        Hidden = _hidden,
        HiddenBias = _hiddenBias,
        Output = _output,
        OutputBias = _outputBias,
    };

    /// <summary>An untrained module; equal seeds give equal numbers.</summary>
    public static FoundationModule Create(FoundationShape shape, RandomStreams streams)
    {
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = streams.Generator("path-initialization");
        return new FoundationModule(shape, new GeneratorParameters(generator));
    }

    /// <summary>A module that starts from the weights of a model.</summary>
    public static FoundationModule From(FoundationModel model)
    {
        FoundationModule module = Create(model.Shape, new RandomStreams(0));
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        Dictionary<string, PathTensor> stored = model.Tensors.ToDictionary();
        foreach ((string name, Tensor part) in module.Parts())
        {
            part.copy_(tensor(stored[name].Values, part.shape, device: CPU));
        }

        return module;
    }

    /// <summary>A module with the weights of another.</summary>
    public static FoundationModule Copy(FoundationModule module)
    {
        FoundationModule copy = Create(module.Shape, new RandomStreams(0));
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        foreach ((Parameter to, Parameter from) in copy.parameters().Zip(module.parameters()))
        {
            to.copy_(from);
        }

        return copy;
    }

    /// <summary>The weights by their names in a checkpoint, as views of the module's: see <see cref="FoundationShape"/>.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Parts()
    {
        for (int layer = 0; layer < Shape.RelationLayers; layer++)
        {
            string name = $"relation_model.layers.{layer}.";
            yield return KeyValuePair.Create($"{name}relation.weight", _relationLabels.detach()[layer]);
            foreach ((string part, Tensor weights) in _relationLayers.Parts(layer))
            {
                yield return KeyValuePair.Create(name + part, weights);
            }
        }

        for (int layer = 0; layer < Shape.EntityLayers; layer++)
        {
            string name = $"entity_model.layers.{layer}.";
            yield return KeyValuePair.Create($"{name}relation_projection.0.weight", _first.detach()[layer]);
            yield return KeyValuePair.Create($"{name}relation_projection.0.bias", _firstBias.detach()[layer]);
            yield return KeyValuePair.Create($"{name}relation_projection.2.weight", _second.detach()[layer]);
            yield return KeyValuePair.Create($"{name}relation_projection.2.bias", _secondBias.detach()[layer]);
            foreach ((string part, Tensor weights) in _entityLayers.Parts(layer))
            {
                yield return KeyValuePair.Create(name + part, weights);
            }
        }

        yield return KeyValuePair.Create("entity_model.mlp.0.weight", _hidden.detach());
        yield return KeyValuePair.Create("entity_model.mlp.0.bias", _hiddenBias.detach());
        yield return KeyValuePair.Create("entity_model.mlp.2.weight", _output.detach().unsqueeze(0));
        yield return KeyValuePair.Create("entity_model.mlp.2.bias", _outputBias.detach());
    }

    /// <summary>The weights as they are now, to score with.</summary>
    /// <param name="origin">Where they come from.</param>
    public FoundationModel ToModel(PathModelOrigin origin)
    {
        using DisposeScope scope = NewDisposeScope();
        return FoundationModel.Of(PathTensors.Of("the model in training", Parts()), origin);
    }

    /// <summary>The label vectors of the entity network: w[k] = V₂ relu(V₁ Z[k] + c₁) + c₂.</summary>
    /// <param name="representations">Z: [groups, labels, d].</param>
    /// <returns>[groups, layers, labels, d].</returns>
    public Tensor Project(Tensor representations)
    {
        Tensor hidden = matmul(representations.unsqueeze(1), _first.transpose(1, 2)) + _firstBias.unsqueeze(1);
        return matmul(hidden.relu(), _second.transpose(1, 2)) + _secondBias.unsqueeze(1);
    }
}
