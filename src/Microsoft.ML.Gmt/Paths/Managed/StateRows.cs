using System.Runtime.CompilerServices;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>The states of all nodes before a layer: the query's own where the query changed them, else the baseline's.</summary>
/// <param name="own">The query's: [nodes, width].</param>
/// <param name="baseline">The baseline's: [nodes, width].</param>
/// <param name="reached">The first layer after which a node's state is the query's own; null where all are.</param>
/// <param name="layer">After how many layers these states are.</param>
internal readonly unsafe struct StateRows(float* own, float* baseline, byte* reached, int layer)
{
    private readonly float* _own = own;
    private readonly float* _baseline = baseline;
    private readonly byte* _reached = reached;
    private readonly int _layer = layer;

    /// <summary>The state of a node.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Row(int node, int width) =>
        (_reached == null || _reached[node] <= _layer ? _own : _baseline) + ((nint)node * width);
}
