using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>The vectors of a graph's edge states under weights that no longer change. Any number of threads may read them.</summary>
internal sealed class EncodedStates : IDisposable
{
    private readonly Tensor _vectors;

    public EncodedStates(SgmModule module, GraphStates graph)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        _vectors = module.EncodeStates(graph.States).DetachFromDisposeScope();   // [states of the graph, d]
    }

    /// <summary>The vectors of some states, of which only those that the graph does not have are encoded now: [states, d].</summary>
    /// <param name="module">The same module.</param>
    /// <param name="states">The states.</param>
    /// <param name="graphStateOf">Which of them is which state of the graph.</param>
    public Tensor Of(SgmModule module, StateList states, IReadOnlyDictionary<int, int> graphStateOf)
    {
        using var scope = NewDisposeScope();
        int[] others = [.. Enumerable.Range(0, states.Count).Where(state => !graphStateOf.ContainsKey(state))];
        Tensor vectors = _vectors.index_select(0, Index(Enumerable.Range(0, states.Count).Select(state => graphStateOf.GetValueOrDefault(state))));
        if (others.Length > 0)
        {
            vectors = vectors.index_copy(0, Index(others), module.EncodeStates(states.Select(others)));
        }

        return vectors.MoveToOuterDisposeScope();
    }

    public void Dispose() => _vectors.Dispose();

    private Tensor Index(IEnumerable<int> values) => tensor([.. values.Select(value => (long)value)], device: _vectors.device);
}
