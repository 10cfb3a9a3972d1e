using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>The order of relations as a table: for each relation, the place of every relation.</summary>
/// <remarks>An edge's context is decided by these places alone, so it can change only when they do.</remarks>
internal sealed class RelationRanks : RelationOrder
{
    private readonly ushort[] _ranks;

    private RelationRanks(int count, ushort[] ranks)
    {
        RelationCount = count;
        _ranks = ranks;
    }

    /// <summary>How many relations there are, inverse ones included.</summary>
    public int RelationCount { get; }

    /// <summary>The places, row by row: entry r · R + j is the place of j, from 0, in the order of r.</summary>
    public ReadOnlySpan<ushort> Ranks => _ranks;

    /// <summary>Orders relations by the cosine of their vectors.</summary>
    /// <param name="vectors">[relations, d], at most <see cref="RelationOrder.MostRanked"/> of them.</param>
    public static new RelationRanks Of(Tensor vectors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vectors.size(0), MostRanked, nameof(vectors));
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
    public override void Keys(int relation, ReadOnlySpan<int> others, Span<float> keys)
    {
        ReadOnlySpan<ushort> places = _ranks.AsSpan(relation * RelationCount, RelationCount);
        for (int i = 0; i < others.Length; i++)
        {
            keys[i] = places[others[i]];
        }
    }

    /// <inheritdoc/>
    public override bool IsSameAs(RelationOrder other) => other is RelationRanks ranks && _ranks.AsSpan().SequenceEqual(ranks._ranks);

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
