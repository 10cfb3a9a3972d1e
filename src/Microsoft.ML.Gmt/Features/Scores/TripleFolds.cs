using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Features;

/// <summary>Divides triples into folds by a hash of their ids: copies of a triple are in one fold, on every machine.</summary>
/// <param name="Count">How many folds there are.</param>
/// <param name="Seed">The seed.</param>
internal readonly record struct TripleFolds(int Count, int Seed)
{
    /// <summary>The fold of a triple, from 0.</summary>
    public int Of(Triple triple)
    {
        ulong entities = ((ulong)(uint)triple.Head << 32) | (uint)triple.Tail;
        var first = new CounterRandom(entities);
        var second = new CounterRandom(first.NextUInt64() ^ (((ulong)(uint)Seed << 32) | (uint)triple.Relation));
        return second.Next(Count);
    }
}
