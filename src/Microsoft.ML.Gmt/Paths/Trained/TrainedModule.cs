using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>The weights of a <see cref="TrainedPathModel"/> while they are trained, in fp32 on the CPU.</summary>
internal sealed class TrainedModule : nn.Module, IPathModule
{
    public const string Queries = "queries", LabelStart = "label_start", LabelOfQuery = "label_of_query", Linear = "linear";
    public const string Bias = "bias", NormScale = "norm_scale", NormShift = "norm_shift", DegreeScale = "degree_scale";
    public const string Hidden = "hidden", HiddenBias = "hidden_bias", Output = "output", OutputBias = "output_bias";

    [ComponentName(Name = Queries)]
    private readonly Parameter _queries;

    [ComponentName(Name = LabelStart)]
    private readonly Parameter _labelStart;

    [ComponentName(Name = LabelOfQuery)]
    private readonly Parameter _labelOfQuery;

    [ComponentName(Name = Linear)]
    private readonly Parameter _linear;

    [ComponentName(Name = Bias)]
    private readonly Parameter _bias;

    [ComponentName(Name = NormScale)]
    private readonly Parameter _normScale;

    [ComponentName(Name = NormShift)]
    private readonly Parameter _normShift;

    [ComponentName(Name = DegreeScale)]
    private readonly Parameter _degreeScale;

    [ComponentName(Name = Hidden)]
    private readonly Parameter _hidden;

    [ComponentName(Name = HiddenBias)]
    private readonly Parameter _hiddenBias;

    [ComponentName(Name = Output)]
    private readonly Parameter _output;

    [ComponentName(Name = OutputBias)]
    private readonly Parameter _outputBias;

    private readonly PathOperator _operator;

    private TrainedModule(TrainedShape shape, MessageGraph entities, ParameterSource source) : base(nameof(TrainedModule))
    {
        Shape = shape;
        int width = shape.Width;
        Dictionary<string, long[]> shapes = shape.Parts().ToDictionary(part => part.Name, part => part.Shape);
        _queries = Get(Queries, InitialValue.Normal(1));
        _labelStart = Get(LabelStart, source.Bias(width));
        _labelOfQuery = Get(LabelOfQuery, source.Matrix(width));
        _linear = Get(Linear, source.Matrix(2 * width));
        _bias = Get(Bias, source.Bias(2 * width));
        _normScale = Get(NormScale, InitialValue.One);
        _normShift = Get(NormShift, InitialValue.Zero);
        _degreeScale = Get(DegreeScale, InitialValue.Zero);
        _hidden = Get(Hidden, source.Matrix(2 * width));
        _hiddenBias = Get(HiddenBias, source.Bias(2 * width));
        _output = Get(Output, source.Matrix(shape.HiddenWidth));
        _outputBias = Get(OutputBias, InitialValue.Zero);
        using (no_grad())
        {
            _degreeScale.narrow(1, 1, 1).fill_(1);   // sums over √deg: as large at a hub as at a leaf
        }

        RegisterComponents();
        foreach (Parameter parameter in parameters())
        {
            parameter.DetachFromDisposeScope(); // they live as long as the module, whatever scope it is made in
        }

        _operator = new PathOperator(entities, PathOperator.InverseEntityLabels(entities.LabelCount));

        Parameter Get(string name, InitialValue initial) => source.Get(name, initial, shapes[name]);
    }

    /// <summary>Widths, layers and relations.</summary>
    public TrainedShape Shape { get; }

    /// <inheritdoc/>
    public nn.Module Weights => this;

    /// <summary>An untrained module; equal seeds give equal numbers.</summary>
    public static TrainedModule Create(TrainedShape shape, MessageGraph entities, RandomStreams streams)
    {
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = streams.Generator("path-initialization");
        return new TrainedModule(shape, entities, new GeneratorParameters(generator));
    }

    /// <inheritdoc/>
    public Tensor Scores(IReadOnlyList<PathTrainingQuery> queries)
    {
        int[] asked = [.. queries.Select(query => query.Label).Distinct().Order()];
        int[] groups = [.. queries.Select(query => Array.BinarySearch(asked, query.Label))];
        Tensor ofGroups = _queries.index_select(0, tensor(Array.ConvertAll(asked, label => (long)label), device: CPU));    // [G, d]
        Tensor vectors = ofGroups.index_select(0, tensor(Array.ConvertAll(groups, group => (long)group), device: CPU));    // [B, d]
        Tensor labels = _labelOfQuery.view(-1, Shape.Width).mm(ofGroups.t());                                 // [L · K · d, G]
        labels = labels.t().contiguous().view(asked.Length, Shape.Layers, -1, Shape.Width) + _labelStart;     // [G, L, K, d]
        var parameters = new PathParameters(
            _linear, _bias, _normScale, _normShift, _degreeScale, _hidden, _hiddenBias, _output, _outputBias);
        return _operator.Scores(parameters, new PathBatch(
            [.. queries.Select(query => query.Source)], vectors, labels, groups, [.. queries.Select(query => query.Removed)]));
    }

    /// <inheritdoc/>
    public PathModel Snapshot(PathModelOrigin origin) => TrainedPathModel.Of(
        PathTensors.Of("the model in training", named_parameters().Select(
            pair => KeyValuePair.Create<string, Tensor>(pair.name, pair.parameter))), Shape, origin);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _operator.Dispose();
        }

        base.Dispose(disposing);
    }
}
