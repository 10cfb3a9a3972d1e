using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// A batch of questions for heads and tails, as vectors. By DistMult the scores of all tails are one matrix product, (e_h ∘ r) Eᵀ, those of
/// all heads (e_t ∘ r) Eᵀ.
/// </summary>
/// <param name="Triples">What is asked: triples with their answers.</param>
/// <param name="EntityCount">How many entities there are; they come first among the candidates.</param>
/// <param name="Candidates">What is scored: [candidates, d].</param>
/// <param name="ForTails">e_h ∘ r, [batch, d].</param>
/// <param name="ForHeads">e_t ∘ r, [batch, d].</param>
/// <param name="OwnHead">The candidate that is the head of each triple: [batch].</param>
/// <param name="OwnTail">The candidate that is the tail of each triple: [batch].</param>
internal sealed record EntityQueries(
    Triple[] Triples, int EntityCount, Tensor Candidates, Tensor ForTails, Tensor ForHeads, int[] OwnHead, int[] OwnTail)
{
    /// <summary>Questions whose triples see all edges.</summary>
    /// <param name="entities">[entities, d].</param>
    /// <param name="relations">[relations, d].</param>
    /// <param name="triples">The triples.</param>
    public static EntityQueries Of(Tensor entities, Tensor relations, Triple[] triples)
    {
        Tensor heads = DistMult.Rows(entities, triples, triple => triple.Head);                                   // [batch, d]
        Tensor tails = DistMult.Rows(entities, triples, triple => triple.Tail);
        Tensor ofRelations = DistMult.Rows(relations, triples, triple => triple.Relation);
        return new EntityQueries(
            triples, (int)entities.size(0), entities, heads * ofRelations, tails * ofRelations,
            Array.ConvertAll(triples, triple => triple.Head), Array.ConvertAll(triples, triple => triple.Tail));
    }

    /// <summary>
    /// Puts the ends that a triple may see in the place of those that others see; where they are the same, nothing changes.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="ends">Heads and tails of the batch, of which at least one is masked (<see cref="QueryEntities.IsAnyMasked"/>).</param>
    /// <param name="relations">[relations, d].</param>
    public EntityQueries Mask(SgmModule module, QueryEntities ends, Tensor relations)
    {
        int[] masked = [.. Enumerable.Range(0, OwnHead.Length).Where(ends.IsMasked)];
        Tensor vectors = ends.Encode(states => module.EncodeStates(states));                                      // [rows, d]
        Tensor Index(IEnumerable<int> values) => tensor([.. values.Select(value => (long)value)], device: vectors.device);
        Tensor Rows(Tensor of, Func<Triple, int> row) => of.index_select(0, Index(masked.Select(i => row(ends.Rows[i]))));   // [masked, d]
        Tensor heads = Rows(vectors, row => row.Head), tails = Rows(vectors, row => row.Tail);
        Tensor ofRelations = Rows(relations, row => row.Relation);
        int[] ownHead = [.. OwnHead], ownTail = [.. OwnTail];
        for (int i = 0; i < masked.Length; i++)
        {
            ownHead[masked[i]] = EntityCount + i;
            ownTail[masked[i]] = EntityCount + masked.Length + i;
        }

        // They are candidates of their own, so that all scores of a row come from one product and equal ones stay equal.
        Tensor places = Index(masked);
        return this with
        {
            Candidates = cat([Candidates, heads, tails], 0),
            ForTails = ForTails.index_copy(0, places, heads * ofRelations),
            ForHeads = ForHeads.index_copy(0, places, tails * ofRelations),
            OwnHead = ownHead,
            OwnTail = ownTail,
        };
    }

    /// <summary>Writes the scores of all heads: [batch, entities].</summary>
    public void ScoreHeads(Memory<float> scores) => Score(ForHeads, OwnHead, triple => triple.Head, scores);

    /// <summary>Writes the scores of all tails: [batch, entities].</summary>
    public void ScoreTails(Memory<float> scores) => Score(ForTails, OwnTail, triple => triple.Tail, scores);

    private void Score(Tensor asked, int[] own, Func<Triple, int> sought, Memory<float> scores)
    {
        if (Candidates.size(0) == EntityCount)
        {
            ScoreProduct.Write(asked, Candidates, scores);
            return;
        }

        using var scope = NewDisposeScope();
        Tensor product = asked.mm(Candidates.t()).to(ScalarType.Float32).cpu().contiguous();       // [batch, candidates]
        int width = (int)product.size(1);
        ReadOnlySpan<float> all = MemoryMarshal.Cast<byte, float>(product.bytes);
        for (int i = 0; i < own.Length; i++)
        {
            ReadOnlySpan<float> row = all.Slice(i * width, width);
            Span<float> result = scores.Span.Slice(i * EntityCount, EntityCount);
            row[..EntityCount].CopyTo(result);
            result[sought(Triples[i])] = row[own[i]];
        }
    }
}
