using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A foundation model while it is fine-tuned on a graph: all weights of both of its networks.</summary>
/// <param name="start">What it starts from.</param>
/// <param name="entities">The edges between entities; the graph of relations is that of all of them.</param>
internal sealed class TunedModule(FoundationModel start, MessageGraph entities) : IPathModule
{
    private readonly FoundationModule _module = FoundationModule.From(start);
    private readonly FoundationGraph _graph = new(entities);

    /// <inheritdoc/>
    public nn.Module Weights => _module;

    /// <inheritdoc/>
    public Tensor Scores(IReadOnlyList<PathTrainingQuery> queries) => FoundationForward.Scores(_module, _graph, queries);

    /// <inheritdoc/>
    public PathModel Snapshot(PathModelOrigin origin) => _module.ToModel(origin);

    /// <inheritdoc/>
    public void Dispose()
    {
        _module.Dispose();
        _graph.Dispose();
    }
}
