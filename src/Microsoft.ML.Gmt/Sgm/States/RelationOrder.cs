using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// For each relation, the order of all relations by falling cosine similarity to it; of equal ones the lower id goes first.
/// </summary>
/// <remarks>
/// Few relations are ordered once and for all (<see cref="RelationRanks"/>). The table of all pairs grows with the square of their number,
/// while few of many relations ever meet at an entity: there similarities are computed where they are needed
/// (<see cref="RelationCosines"/>).
/// </remarks>
internal abstract class RelationOrder
{
    /// <summary>So many relations, inverse ones included, are ordered as a table: 1 M places, in 2 MB.</summary>
    public const int MostRanked = 1024;

    /// <summary>Orders relations by the cosine of their vectors.</summary>
    /// <param name="vectors">[relations, d], after the projection where there is one.</param>
    /// <exception cref="NotSupportedException">There are more relations than one array can hold the vectors of.</exception>
    public static RelationOrder Of(Tensor vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        return vectors.size(0) <= MostRanked ? RelationRanks.Of(vectors) : RelationCosines.Of(vectors);
    }

    /// <summary>
    /// The order of others seen from a relation as numbers: the lower one goes first, and where they are equal the lower id.
    /// </summary>
    /// <param name="relation">Who sees them.</param>
    /// <param name="others">The others.</param>
    /// <param name="keys">Receives a number for each.</param>
    public abstract void Keys(int relation, ReadOnlySpan<int> others, Span<float> keys);

    /// <summary>Whether the order is known to be the same.</summary>
    public abstract bool IsSameAs(RelationOrder other);
}
