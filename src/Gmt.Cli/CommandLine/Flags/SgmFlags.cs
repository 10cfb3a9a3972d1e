using System.CommandLine;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>The shape of the graph module.</summary>
/// <param name="dropoutName">What the command calls the module's dropout.</param>
/// <param name="withTraining">Whether relation vectors may be trained.</param>
internal sealed class SgmFlags(string dropoutName, bool withTraining = true)
{
    private static readonly SgmOptions Defaults = new();

    private readonly Option<int> _dimension = Flag.Integer(
        "--graph_dim", "Width of edge states and entity vectors.", Defaults.GraphDimension, Range(nameof(SgmOptions.GraphDimension)));
    private readonly Option<int> _layers = Flag.Integer(
        "--sgm_layers", "Context layers.", Defaults.Layers, Range(nameof(SgmOptions.Layers)));
    private readonly Option<int> _heads = Flag.Integer(
        "--sgm_heads", "Attention heads of a context layer.", Defaults.Heads, Range(nameof(SgmOptions.Heads)));
    private readonly Option<int> _topK = Flag.Integer(
        "--top_k", "How many of a neighbor's edges make an edge's context.", Defaults.TopK, Range(nameof(SgmOptions.TopK)));
    private readonly Option<double> _dropout = Flag.Number(
        dropoutName, "Dropout probability of the graph module in training.", Defaults.Dropout, Range(nameof(SgmOptions.Dropout)));
    private readonly Option<bool> _trainable = Flag.Switch(
        "--trainable_rel_semantics", "Stage 1 trains relation vectors as well; in stage 2, --train_graph_module does.");

    /// <summary>All options, in the reference's order.</summary>
    public Option[] All =>
        withTraining ? [_dimension, _layers, _heads, _topK, _dropout, _trainable] : [_dimension, _layers, _heads, _topK, _dropout];

    private static OptionRangeAttribute Range(string property) => OptionRanges.Of<SgmOptions>(property);

    /// <summary>The shape asked for.</summary>
    public SgmOptions Shape(CommandContext context) => new()
    {
        GraphDimension = context.Get(_dimension),
        Layers = context.Get(_layers),
        Heads = context.Get(_heads),
        TopK = context.Get(_topK),
        Dropout = context.Get(_dropout),
        TrainableRelationSemantics = withTraining && context.Get(_trainable),
    };
}
