namespace Microsoft.ML.Gmt.Features;

/// <summary>Memory that computing features needs, used again from triple to triple by one thread at a time.</summary>
internal sealed class FeatureScratch(SignedEdges edges)
{
    private readonly int[] _marks = new int[edges.EntityCount];
    private int _mark;

    /// <summary>What the two ends of the present triple have in common.</summary>
    public CommonNeighbors Common { get; } = new(edges);

    /// <summary>Begins a new set of marked entities, an empty one.</summary>
    public void ClearMarks()
    {
        if (++_mark == int.MaxValue)
        {
            Array.Clear(_marks);
            _mark = 1;
        }
    }

    /// <summary>Marks an entity.</summary>
    public void Mark(int entity) => _marks[entity] = _mark;

    /// <summary>Whether an entity is marked.</summary>
    public bool IsMarked(int entity) => _marks[entity] == _mark;
}
