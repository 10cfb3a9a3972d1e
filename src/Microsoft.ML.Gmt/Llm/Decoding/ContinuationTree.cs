namespace Microsoft.ML.Gmt.Llm;

/// <summary>The continuations of one prompt as a tree of tokens: what several share is computed once.</summary>
/// <remarks>
/// Nodes with children ("inner") are fed to the model, each seeing the prompt and its own ancestors; leaves are only predicted.
/// </remarks>
internal sealed class ContinuationTree
{
    /// <summary>Parent of a first token: the end of the prompt.</summary>
    public const int Root = -1;

    private readonly Dictionary<(int Parent, int Token), int> _nodes = [];
    private readonly List<(int Parent, int Token)> _edges = [];
    private readonly List<int> _depths = [];

    public ContinuationTree(ContinuationQuery query)
    {
        Paths = [.. query.Continuations.Select(Add)];
        bool[] hasChildren = new bool[_edges.Count];
        foreach ((int parent, _) in _edges)
        {
            if (parent != Root)
            {
                hasChildren[parent] = true;
            }
        }

        Inner = [.. Enumerable.Range(0, _edges.Count).Where(node => hasChildren[node])];
        SlotOf = new int[_edges.Count];
        Array.Fill(SlotOf, -1);
        for (int slot = 0; slot < Inner.Length; slot++)
        {
            SlotOf[Inner[slot]] = slot;
        }
    }

    /// <summary>Parent and token of each node; a parent comes before its children.</summary>
    public IReadOnlyList<(int Parent, int Token)> Edges => _edges;

    /// <summary>Distance of each node from the prompt: 0 for a first token.</summary>
    public IReadOnlyList<int> Depths => _depths;

    /// <summary>The nodes of each continuation, first to last.</summary>
    public int[][] Paths { get; }

    /// <summary>Nodes with children, in order; their place here is their slot in the row that is fed to the model.</summary>
    public int[] Inner { get; }

    /// <summary>Slot of each inner node; −1 for a leaf.</summary>
    public int[] SlotOf { get; }

    private int[] Add(IReadOnlyList<int> continuation)
    {
        int[] path = new int[continuation.Count];
        int parent = Root;
        for (int index = 0; index < path.Length; index++)
        {
            (int, int) edge = (parent, continuation[index]);
            if (!_nodes.TryGetValue(edge, out int node))
            {
                node = _edges.Count;
                _nodes.Add(edge, node);
                _edges.Add(edge);
                _depths.Add(index);
            }

            path[index] = parent = node;
        }

        return path;
    }
}
