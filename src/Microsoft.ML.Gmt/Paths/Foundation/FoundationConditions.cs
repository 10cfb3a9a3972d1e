namespace Microsoft.ML.Gmt.Paths;

/// <summary>The relation network of a foundation model over the relations of a graph, run for one of them at a time.</summary>
internal sealed class FoundationConditions : IPathConditions
{
    private readonly FoundationModel _model;
    private readonly IPathKernel _kernel;
    private readonly IPathNetwork _network;
    private readonly float[] _ones;

    public FoundationConditions(FoundationModel model, MessageGraph entities)
    {
        _model = model;
        _ones = [.. Enumerable.Repeat(1f, model.Width)];
        _kernel = PathKernel.Create(RelationGraph.Build(entities));
        _network = _kernel.Bind(model.RelationLayers, readout: null);
    }

    /// <inheritdoc/>
    public (float[] Vectors, PathLayer[] Layers) Of(int key)
    {
        float[] states = new float[_kernel.Graph.NodeCount * _model.Width];
        _network.States(new PathQuery(key, _ones, default), states);
        return (states, [.. _model.EntityLayers.Select(layer => layer.Project(states))]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _network.Dispose();
        _kernel.Dispose();
    }
}
