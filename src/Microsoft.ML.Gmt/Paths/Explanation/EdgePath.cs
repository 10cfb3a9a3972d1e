namespace Microsoft.ML.Gmt.Paths;

/// <summary>A path by its last edge and what comes before.</summary>
/// <param name="Weight">The sum of its edges' weights.</param>
/// <param name="Before">The path without its last edge; null where there is no edge.</param>
/// <param name="Edge">The last edge; −1 where there is none.</param>
/// <param name="EdgeWeight">What that edge weighs.</param>
internal sealed record EdgePath(double Weight, EdgePath? Before, int Edge, double EdgeWeight)
{
    private readonly int _hash = Before is null ? 0 : HashCode.Combine(Before._hash, Edge);

    /// <summary>How many edges it has.</summary>
    public int Length { get; } = Before is null ? 0 : Before.Length + 1;

    /// <summary>The mean of its edges' weights.</summary>
    public double Mean => Weight / Length;

    /// <summary>Its edges from the first to the last, with their weights.</summary>
    public IReadOnlyList<(int Edge, double Weight)> Edges
    {
        get
        {
            List<(int, double)> edges = [];
            for (EdgePath path = this; path.Before is not null; path = path.Before)
            {
                edges.Add((path.Edge, path.EdgeWeight));
            }

            edges.Reverse();
            return edges;
        }
    }

    /// <summary>Whether it walks the same edges in the same order as another.</summary>
    public bool HasEdgesOf(EdgePath other)
    {
        if (_hash != other._hash)
        {
            return false;
        }

        EdgePath? one = this, two = other;
        while (one is not null && two is not null && one.Edge == two.Edge)
        {
            if (ReferenceEquals(one, two))
            {
                return true;
            }

            (one, two) = (one.Before, two.Before);
        }

        return one is null && two is null;
    }
}
