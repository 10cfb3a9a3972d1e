using System.Buffers;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// Chooses the context of an edge: of the relations around its neighbor, each as often as it occurs there, the top-k by the order that the
/// edge's relation sees. Holds the room for it; not for use by several threads at once.
/// </summary>
internal sealed class ContextChoice(int topK)
{
    private readonly int[] _context = new int[topK];
    private readonly (float Key, int Relation, int Count)[] _best = new (float, int, int)[topK];
    private readonly ArrayBufferWriter<float> _keys = new();

    /// <summary>The context, most similar first; valid until the next call.</summary>
    /// <param name="order">The order of relations.</param>
    /// <param name="relation">The edge's relation.</param>
    /// <param name="around">The relations around the neighbor, each once.</param>
    /// <param name="counts">How often each occurs, at least once.</param>
    public ReadOnlySpan<int> Choose(RelationOrder order, int relation, scoped ReadOnlySpan<int> around, scoped ReadOnlySpan<int> counts)
    {
        _keys.ResetWrittenCount();
        Span<float> keys = _keys.GetSpan(around.Length + 1)[..around.Length];
        order.Keys(relation, around, keys);

        // Every candidate fills a place at least, so the best top-k candidates are enough: kept in order, found in one pass.
        int best = 0;
        for (int i = 0; i < around.Length; i++)
        {
            (float, int, int) candidate = (keys[i], around[i], counts[i]);
            if (best == topK && candidate.CompareTo(_best[best - 1]) >= 0)
            {
                continue;
            }

            int at = best < topK ? best++ : best - 1;
            for (; at > 0 && candidate.CompareTo(_best[at - 1]) < 0; at--)
            {
                _best[at] = _best[at - 1];
            }

            _best[at] = candidate;
        }

        return Fill(best);
    }

    private ReadOnlySpan<int> Fill(int best)
    {
        int used = 0;
        for (int i = 0; i < best && used < topK; i++)
        {
            int copies = Math.Min(_best[i].Count, topK - used);
            _context.AsSpan(used, copies).Fill(_best[i].Relation);
            used += copies;
        }

        return _context.AsSpan(0, used);
    }
}
