using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>The forward pass of a module over a graph: entity vectors and triple scores, differentiable.</summary>
/// <param name="Module">The module.</param>
/// <param name="States">The graph's states under that module.</param>
internal sealed record SgmForward(SgmModule Module, GraphEdgeStates States)
{
    private const int MostAtOnce = 1 << 18, StatesInPart = 1 << 16;

    private GraphBounds Bounds => States.Graph.Bounds;

    /// <summary>Entity vectors: the mean state of each one's edges, 0 without edges. [entities, d].</summary>
    /// <param name="entities">Entity ids, in any order and number.</param>
    /// <exception cref="ArgumentOutOfRangeException">An entity is not of the graph.</exception>
    public Tensor EncodeEntities(IReadOnlyList<int> entities)
    {
        foreach (int entity in entities)
        {
            Bounds.CheckEntity(entity, nameof(entities));
        }

        using var scope = NewDisposeScope();
        var batch = new EntityBatch(States, entities);
        Tensor vectors = batch.Encode(EncodeStates);
        return vectors.index_select(0, batch.Rows(entities, vectors.device)).MoveToOuterDisposeScope();
    }

    /// <summary>The vectors of all entities in the order of their ids: [entities, d].</summary>
    public Tensor EncodeAllEntities()
    {
        using var scope = NewDisposeScope();
        bool atOnce = is_grad_enabled() || States.States.Count <= MostAtOnce;
        Tensor states = atOnce ? EncodeStates(States.States) : EncodeInParts();
        return SparseProduct.Multiply(States.StateShares, states).MoveToOuterDisposeScope();
    }

    /// <summary>The vectors of so many states that the inner values of all at once would take ten times their own room.</summary>
    private Tensor EncodeInParts()
    {
        EdgeStateList all = States.States;
        Tensor encoded = empty([all.Count, Module.Options.GraphDimension], ScalarType.Float32, Module.RelationSemantics.Weight.device);
        for (int first = 0; first < all.Count; first += StatesInPart)
        {
            using var scope = NewDisposeScope();
            int count = Math.Min(StatesInPart, all.Count - first);
            encoded.narrow(0, first, count).copy_(Module.EncodeStates(all.Select([.. Enumerable.Range(first, count)])));
        }

        return encoded;
    }

    /// <summary>DistMult scores Σ e_h · rel(r) · e_t (Yang et al. 2015), in the order of the triples: [triples].</summary>
    /// <param name="triples">The triples.</param>
    /// <param name="encode">Encodes states, with dropout in training: [states, d]. Default (null): as the module does without.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    public Tensor Score(IReadOnlyList<Triple> triples, Func<EdgeStateList, Tensor>? encode = null)
    {
        using var scope = NewDisposeScope();
        int[] ends = new int[2 * triples.Count];
        for (int i = 0; i < triples.Count; i++)
        {
            Bounds.Check(triples[i], nameof(triples));
            (ends[2 * i], ends[(2 * i) + 1]) = (triples[i].Head, triples[i].Tail);
        }

        var batch = new EntityBatch(States, ends);
        var rows = new Triple[triples.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new Triple(batch.Row(triples[i].Head), triples[i].Relation, batch.Row(triples[i].Tail));
        }

        return DistMult.Score(batch.Encode(encode ?? EncodeStates), Module.RelationVectors(), rows).MoveToOuterDisposeScope();
    }

    /// <summary>The scores of triples that don't see themselves: [triples].</summary>
    /// <remarks>
    /// Where a triple is an edge of the graph, its head and tail are encoded without it, as if the graph lacked it. Elsewhere the score is
    /// that of <see cref="Score(IReadOnlyList{Triple}, Func{EdgeStateList, Tensor}?)"/>.
    /// </remarks>
    /// <param name="queries">The triples, and what each hides.</param>
    /// <param name="mask">What of the hidden triple is hidden from a query's head and tail.</param>
    /// <param name="encode">Encodes states, with dropout in training: [states, d]. Default (null): as the module does without.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    public Tensor Score(IReadOnlyList<TripleQuery> queries, QueryMask mask, Func<EdgeStateList, Tensor>? encode = null)
    {
        using var scope = NewDisposeScope();
        QueryEntities entities = Entities(queries, mask);
        return DistMult.Score(entities.Encode(encode ?? EncodeStates), Module.RelationVectors(), entities.Rows).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Scores with the vectors that they come from; see
    /// <see cref="Score(IReadOnlyList{TripleQuery}, QueryMask, Func{EdgeStateList, Tensor}?)"/>.
    /// </summary>
    /// <param name="queries">The triples, and what each hides.</param>
    /// <param name="mask">What of the hidden triple is hidden from a query's head and tail.</param>
    /// <param name="encoded">The vectors of the graph's states, where they are at hand.</param>
    /// <returns>Scores [triples]; vectors of heads and of tails, [triples, d] each.</returns>
    public (Tensor Scores, Tensor Heads, Tensor Tails) ScoreWithVectors(
        IReadOnlyList<TripleQuery> queries, QueryMask mask, EncodedEdgeStates? encoded = null)
    {
        using var scope = NewDisposeScope();
        QueryEntities entities = Entities(queries, mask);
        Tensor vectors = encoded is null ? entities.Encode(EncodeStates) : entities.Encode(encoded);
        Tensor Ends(Converter<Triple, long> row) =>
            DistMult.Rows(vectors, entities.Rows, row).MoveToOuterDisposeScope();
        Tensor scores = DistMult.Score(vectors, Module.RelationVectors(), entities.Rows).MoveToOuterDisposeScope();
        return (scores, Ends(row => row.Head), Ends(row => row.Tail));
    }

    private Tensor EncodeStates(EdgeStateList states) => Module.EncodeStates(states);

    private QueryEntities Entities(IReadOnlyList<TripleQuery> queries, QueryMask mask)
    {
        foreach (TripleQuery query in queries)
        {
            Bounds.Check(query.Triple, nameof(queries));
            Bounds.Check(query.Hidden, nameof(queries));
        }

        return new QueryEntities(States, queries, mask);
    }
}
