using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// The vectors of a graph's edge states under weights that no longer change, each computed when it is first needed. Any number of threads
/// may read them.
/// </summary>
internal sealed class EncodedEdgeStates : IDisposable
{
    // States are encoded in fixed groups: the last bits of a product depend on how many rows it has, and no vector may depend on who asked
    // first.
    private const int GroupSize = 128;
    private const long MostBytes = 256L << 20;

    private readonly Lock _encoding = new();
    private readonly SgmModule _module;
    private readonly EdgeStateList _states;
    private readonly bool[] _isEncoded;
    private readonly Tensor _vectors;   // [states of the graph, d]

    private EncodedEdgeStates(SgmModule module, EdgeStateList states)
    {
        (_module, _states) = (module, states);
        _isEncoded = new bool[(states.Count + GroupSize - 1) / GroupSize];
        Device device = module.RelationSemantics.Weight.device;
        _vectors = empty([states.Count, module.Options.GraphDimension], ScalarType.Float32, device).DetachFromDisposeScope();
    }

    /// <summary>Makes room for the vectors of a graph's states; null where they would take too much memory, 256 MB.</summary>
    /// <param name="module">The module; not disposed.</param>
    /// <param name="graph">The graph's states under that module.</param>
    public static EncodedEdgeStates? TryCreate(SgmModule module, GraphEdgeStates graph) =>
        graph.States.Count * (long)module.Options.GraphDimension * sizeof(float) <= MostBytes
            ? new EncodedEdgeStates(module, graph.States)
            : null;

    /// <summary>The vectors of some states, of which those that the graph does not have are encoded now: [states, d].</summary>
    /// <param name="states">The states.</param>
    /// <param name="graphStateOf">Which of them is which state of the graph.</param>
    public Tensor Of(EdgeStateList states, IReadOnlyDictionary<int, int> graphStateOf)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        Encode(graphStateOf.Values);
        int[] others = [.. Enumerable.Range(0, states.Count).Where(state => !graphStateOf.ContainsKey(state))];
        IEnumerable<int> ofGraph = Enumerable.Range(0, states.Count).Select(state => graphStateOf.GetValueOrDefault(state));
        Tensor vectors = _vectors.index_select(0, Index(ofGraph));
        if (others.Length > 0)
        {
            vectors.index_copy_(0, Index(others), _module.EncodeStates(states.Select(others)));
        }

        return vectors.MoveToOuterDisposeScope();
    }

    public void Dispose() => _vectors.Dispose();

    private void Encode(IEnumerable<int> wanted)
    {
        int[] groups = [.. wanted.Select(state => state / GroupSize).Distinct()];
        lock (_encoding)
        {
            foreach (int group in groups.Where(group => !_isEncoded[group]))
            {
                using var scope = NewDisposeScope();
                int first = group * GroupSize, count = Math.Min(GroupSize, _states.Count - first);
                _vectors.narrow(0, first, count).copy_(_module.EncodeStates(_states.Select([.. Enumerable.Range(first, count)])));
                _isEncoded[group] = true;
            }
        }
    }

    private Tensor Index(IEnumerable<int> values) => tensor([.. values.Select(value => (long)value)], device: _vectors.device);
}
