using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A path model in training, over its graph.</summary>
internal interface IPathModule : IDisposable
{
    /// <summary>What is trained.</summary>
    public nn.Module Weights { get; }

    /// <summary>The scores of all entities, which gradients flow through: [queries, entities].</summary>
    public Tensor Scores(IReadOnlyList<PathTrainingQuery> queries);

    /// <summary>The model with the weights that it has now.</summary>
    /// <param name="origin">Where they come from.</param>
    public PathModel Snapshot(PathModelOrigin origin);
}
