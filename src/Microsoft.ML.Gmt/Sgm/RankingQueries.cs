using Microsoft.ML.Gmt.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>What is asked in a batch of link prediction.</summary>
/// <param name="EntityCount">How many entities there are; they come first among the candidates.</param>
/// <param name="Candidates">What is scored: [candidates, d].</param>
/// <param name="ForTails">e_h ∘ r, [batch, d].</param>
/// <param name="ForHeads">e_t ∘ r, [batch, d].</param>
/// <param name="OwnHead">The candidate that is the head of each triple: [batch].</param>
/// <param name="OwnTail">The candidate that is the tail of each triple: [batch].</param>
internal sealed record RankingQueries(int EntityCount, Tensor Candidates, Tensor ForTails, Tensor ForHeads, int[] OwnHead, int[] OwnTail)
{
    /// <summary>Puts the ends that a triple may see in the place of those that others see; where they are the same, nothing changes.</summary>
    /// <param name="module">The module.</param>
    /// <param name="ends">The heads and tails of the batch, masked.</param>
    /// <param name="relations">[relations, d].</param>
    public RankingQueries Mask(SgmModule module, QueryEntities ends, Tensor relations)
    {
        int[] masked = [.. Enumerable.Range(0, OwnHead.Length).Where(ends.IsMasked)];
        if (masked.Length == 0)
        {
            return this;
        }

        Tensor vectors = ends.Encode(module);                                                                     // [rows, d]
        Tensor Index(IEnumerable<int> values) => tensor([.. values.Select(value => (long)value)], device: vectors.device);
        Tensor Rows(Tensor of, Func<Triple, int> row) => of.index_select(0, Index(masked.Select(i => row(ends.Rows[i]))));   // [masked, d]
        Tensor heads = Rows(vectors, row => row.Head), tails = Rows(vectors, row => row.Tail), ofRelations = Rows(relations, row => row.Relation);
        int[] ownHead = [.. OwnHead], ownTail = [.. OwnTail];
        for (int i = 0; i < masked.Length; i++)
        {
            ownHead[masked[i]] = EntityCount + i;
            ownTail[masked[i]] = EntityCount + masked.Length + i;
        }

        // They are candidates of their own, so that all scores of a row come from one product and equal ones stay equal.
        Tensor places = Index(masked);
        return new RankingQueries(
            EntityCount, cat([Candidates, heads, tails], 0), ForTails.index_copy(0, places, heads * ofRelations), ForHeads.index_copy(0, places, tails * ofRelations),
            ownHead, ownTail);
    }
}
