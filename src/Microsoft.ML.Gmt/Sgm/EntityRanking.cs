using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Link prediction by DistMult: ranks all entities as heads and as tails of triples.</summary>
/// <remarks>
/// The scores of all tails of a batch are one matrix product, (e_h ∘ r) Eᵀ, those of all heads (e_t ∘ r) Eᵀ. Filtered ranking (Bordes et al.
/// 2013) leaves out the other entities that make a known triple. To choose a model, filter by training and validation triples; for final
/// figures, by all.
/// </remarks>
public static class EntityRanking
{
    private const int QueriesPerBatch = 256;

    /// <summary>Ranks with a trained module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="graph">The graph's states under that module.</param>
    /// <param name="triples">True triples.</param>
    /// <param name="filter">Known triples that are left out of the candidates; null for raw ranks.</param>
    /// <param name="cancellationToken">Ends the ranking.</param>
    /// <returns>Ranks in the order of the triples.</returns>
    public static IReadOnlyList<TripleRanks> Rank(
        SgmModule module, GraphEdgeStates graph, IReadOnlyList<Triple> triples, KnownTriples? filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(graph);
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        Tensor entities = TripleScorer.EncodeAllEntities(module, graph);
        return Rank(entities, module.RelationVectors(), triples, filter, cancellationToken);
    }

    /// <summary>
    /// Ranks triples that don't see themselves: the head and tail of each are encoded without the edges that state it, as
    /// <see cref="TripleScorer.Score(SgmModule, GraphEdgeStates, IReadOnlyList{Triple}, QueryMask, SeededDropout?)"/> does. Held-out triples get the ranks
    /// that they get without a mask.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="graph">The graph's states under that module.</param>
    /// <param name="triples">True triples.</param>
    /// <param name="filter">Known triples that are left out of the candidates; null for raw ranks.</param>
    /// <param name="mask">What of each triple is hidden from its own head and tail.</param>
    /// <param name="progress">Receives how many triples were ranked since it was last told; null for nobody.</param>
    /// <param name="cancellationToken">Ends the ranking.</param>
    /// <returns>Ranks in the order of the triples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    public static IReadOnlyList<TripleRanks> Rank(
        SgmModule module, GraphEdgeStates graph, IReadOnlyList<Triple> triples, KnownTriples? filter, QueryMask mask, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(triples);
        foreach (Triple triple in triples)
        {
            graph.Graph.Bounds.Check(triple, nameof(triples));
        }

        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        Tensor entities = TripleScorer.EncodeAllEntities(module, graph), relations = module.RelationVectors();
        return RankInBatches(
            triples, filter, batch => Queries(entities, relations, batch).Mask(module, new QueryEntities(graph, batch, mask), relations), progress, cancellationToken);
    }

    /// <summary>Ranks with given vectors.</summary>
    /// <param name="entities">[entities, d].</param>
    /// <param name="relations">[relations, d]; more than the triples use is fine.</param>
    /// <param name="triples">True triples.</param>
    /// <param name="filter">Known triples that are left out of the candidates; null for raw ranks.</param>
    /// <param name="cancellationToken">Ends the ranking.</param>
    /// <returns>Ranks in the order of the triples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple's id has no vector.</exception>
    public static IReadOnlyList<TripleRanks> Rank(
        Tensor entities, Tensor relations, IReadOnlyList<Triple> triples, KnownTriples? filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entities);
        ArgumentNullException.ThrowIfNull(relations);
        ArgumentNullException.ThrowIfNull(triples);
        var bounds = new GraphBounds((int)entities.size(0), (int)relations.size(0));
        RankingQueries Ask(Triple[] batch)
        {
            foreach (Triple triple in batch)
            {
                bounds.Check(triple, nameof(triples));
            }

            return Queries(entities, relations, batch);
        }

        return RankInBatches(triples, filter, Ask, progress: null, cancellationToken);
    }

    /// <summary>Mean reciprocal realistic rank over both sides; 0 without triples.</summary>
    /// <param name="ranks">The ranks.</param>
    public static double MeanReciprocalRank(IReadOnlyList<TripleRanks> ranks)
    {
        ArgumentNullException.ThrowIfNull(ranks);
        return ranks.Count == 0 ? 0 : ranks.Average(rank => ((1 / rank.Head.Realistic) + (1 / rank.Tail.Realistic)) / 2);
    }

    private delegate ReadOnlySpan<int> KnownAnswers(KnownTriples known, Triple triple);

    private static TripleRanks[] RankInBatches(
        IReadOnlyList<Triple> triples, KnownTriples? filter, Func<Triple[], RankingQueries> queriesOf, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var ranks = new TripleRanks[triples.Count];
        for (int start = 0; start < ranks.Length; start += QueriesPerBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            using IDisposable inference = no_grad();
            Triple[] batch = [.. triples.Skip(start).Take(QueriesPerBatch)];
            RankingQueries queries = queriesOf(batch);
            EntityRank[] tails = Rank(
                queries, queries.ForTails, batch, queries.OwnTail, triple => triple.Tail, (known, triple) => known.TailsOf(triple.Head, triple.Relation), filter);
            EntityRank[] heads = Rank(
                queries, queries.ForHeads, batch, queries.OwnHead, triple => triple.Head, (known, triple) => known.HeadsOf(triple.Relation, triple.Tail), filter);
            for (int i = 0; i < batch.Length; i++)
            {
                ranks[start + i] = new TripleRanks(batch[i], heads[i], tails[i]);
            }

            progress?.Report(batch.Length);
        }

        return ranks;
    }

    private static RankingQueries Queries(Tensor entities, Tensor relations, Triple[] batch)
    {
        Tensor Rows(Tensor of, Converter<Triple, long> id) => of.index_select(0, tensor(Array.ConvertAll(batch, id), device: entities.device));   // [batch, d]
        Tensor ofRelations = Rows(relations, triple => triple.Relation);
        return new RankingQueries(
            (int)entities.size(0), entities, Rows(entities, triple => triple.Head) * ofRelations, Rows(entities, triple => triple.Tail) * ofRelations,
            Array.ConvertAll(batch, triple => triple.Head), Array.ConvertAll(batch, triple => triple.Tail));
    }

    private static EntityRank[] Rank(
        RankingQueries queries, Tensor asked, Triple[] batch, int[] own, Func<Triple, int> sought, KnownAnswers answers, KnownTriples? filter)
    {
        using var scope = NewDisposeScope();
        Tensor scores = asked.mm(queries.Candidates.t()).to(ScalarType.Float32).cpu().contiguous();       // [batch, candidates]
        int width = (int)scores.size(1);
        Span<float> all = MemoryMarshal.Cast<byte, float>(scores.bytes);
        var ranks = new EntityRank[batch.Length];
        for (int i = 0; i < ranks.Length; i++)
        {
            Span<float> row = all.Slice(i * width, width);
            row[sought(batch[i])] = row[own[i]];
            ranks[i] = Count(row[..queries.EntityCount], sought(batch[i]), filter is null ? [] : answers(filter, batch[i]));
        }

        return ranks;
    }

    /// <summary>Counts all, then takes the known others back out.</summary>
    private static EntityRank Count(ReadOnlySpan<float> scores, int sought, ReadOnlySpan<int> known)
    {
        float own = scores[sought];
        (int higher, int equal, int candidates) = (0, -1, scores.Length);
        foreach (float score in scores)
        {
            higher += score <= own ? 0 : 1;
            equal += score == own ? 1 : 0;
        }

        foreach (int other in known)
        {
            if (other != sought)
            {
                higher -= scores[other] <= own ? 0 : 1;
                equal -= scores[other] == own ? 1 : 0;
                candidates--;
            }
        }

        // A score that is not a number equals nothing, itself included, and counts as higher than everything: last place.
        return float.IsNaN(own) ? new EntityRank(candidates - 1, 0, candidates) : new EntityRank(higher, equal, candidates);
    }
}
