using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>For each relation, the place of every relation when they are ordered by falling cosine similarity to it.</summary>
/// <remarks>An edge's context is decided by these places alone, so it can change only when they do.</remarks>
internal sealed class RelationRanks : IEquatable<RelationRanks>
{
    private readonly ushort[] _ranks;

    private RelationRanks(int count, ushort[] ranks)
    {
        RelationCount = count;
        _ranks = ranks;
    }

    /// <summary>How many relations there are, inverse ones included.</summary>
    public int RelationCount { get; }

    /// <summary>
    /// The places, row by row: entry r · R + j is the place of j, from 0, in the order of r. Of equal ones the lower id comes first.
    /// </summary>
    public ReadOnlySpan<ushort> Ranks => _ranks;

    /// <summary>Orders relations by the cosine of their vectors.</summary>
    /// <param name="vectors">[relations, d], after the projection where there is one.</param>
    /// <exception cref="NotSupportedException">There are more relations than places fit into 16 bits.</exception>
    public static RelationRanks Of(Tensor vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.size(0) > ushort.MaxValue)
        {
            throw new NotSupportedException(
                $"{vectors.size(0):N0} relations are too many: at most {ushort.MaxValue:N0}, inverse ones included.");
        }

        int count = (int)vectors.size(0);
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            Tensor normalized = nn.functional.normalize(vectors.detach(), dim: -1); // [relations, d]
            Tensor cosines = normalized.mm(normalized.t());                         // [relations, relations]
            Tensor order = cosines.sort(dim: -1, descending: true, stable: true).Indices.cpu().contiguous();
            return new RelationRanks(count, Invert(count, MemoryMarshal.Cast<byte, long>(order.bytes)));
        }
    }

    /// <inheritdoc/>
    public bool Equals(RelationRanks? other) => other is not null && _ranks.AsSpan().SequenceEqual(other._ranks);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RelationRanks);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes<ushort>(_ranks));
        return hash.ToHashCode();
    }

    private static ushort[] Invert(int count, ReadOnlySpan<long> order)
    {
        ushort[] ranks = new ushort[count * count];
        for (int relation = 0; relation < count; relation++)
        {
            for (int place = 0; place < count; place++)
            {
                ranks[relation * count + (int)order[relation * count + place]] = (ushort)place;
            }
        }

        return ranks;
    }
}
