using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>Entity vectors, triple scores and the loss of stage 1.</summary>
public static class TripleScorer
{
    /// <summary>Entity vectors: the mean state of each one's edges, 0 without edges. [entities, d], differentiable.</summary>
    /// <param name="module">The module.</param>
    /// <param name="graph">The graph's states under that module.</param>
    /// <param name="entities">Entity ids, in any order and number.</param>
    /// <param name="dropout">The source of dropout masks in training; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">An entity is not of the graph.</exception>
    public static Tensor EncodeEntities(SgmModule module, GraphEdgeStates graph, IReadOnlyList<int> entities, SeededDropout? dropout = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(entities);
        foreach (int entity in entities)
        {
            graph.Graph.Bounds.CheckEntity(entity, nameof(entities));
        }

        using var scope = NewDisposeScope();
        var batch = new EntityBatch(graph, entities);
        Tensor vectors = batch.Encode(module, dropout);
        return vectors.index_select(0, batch.Rows(entities, vectors.device)).MoveToOuterDisposeScope();
    }

    /// <summary>The vectors of all entities in the order of their ids: [entities, d], differentiable.</summary>
    /// <param name="module">The module.</param>
    /// <param name="graph">The graph's states under that module.</param>
    /// <param name="dropout">The source of dropout masks in training; null for none.</param>
    public static Tensor EncodeAllEntities(SgmModule module, GraphEdgeStates graph, SeededDropout? dropout = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(graph);
        using var scope = NewDisposeScope();
        return SparseProduct.Multiply(graph.EntityStates, module.EncodeStates(graph.States, dropout)).MoveToOuterDisposeScope();
    }

    /// <summary>DistMult scores Σ e_h · rel(r) · e_t (Yang et al. 2015), in the order of the triples: [triples], differentiable.</summary>
    /// <param name="module">The module.</param>
    /// <param name="graph">The graph's states under that module.</param>
    /// <param name="triples">The triples.</param>
    /// <param name="dropout">The source of dropout masks in training; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    public static Tensor Score(SgmModule module, GraphEdgeStates graph, IReadOnlyList<Triple> triples, SeededDropout? dropout = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(triples);
        using var scope = NewDisposeScope();
        int[] ends = new int[2 * triples.Count];
        for (int i = 0; i < triples.Count; i++)
        {
            graph.Graph.Bounds.Check(triples[i], nameof(triples));
            (ends[2 * i], ends[(2 * i) + 1]) = (triples[i].Head, triples[i].Tail);
        }

        var batch = new EntityBatch(graph, ends);
        var rows = new Triple[triples.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new Triple(batch.Row(triples[i].Head), triples[i].Relation, batch.Row(triples[i].Tail));
        }

        return DistMult.Score(batch.Encode(module, dropout), module.RelationVectors(), rows).MoveToOuterDisposeScope();
    }

    /// <summary>The scores of triples that don't see themselves: [triples], differentiable.</summary>
    /// <remarks>
    /// Where a triple is an edge of the graph, its head and tail are encoded without it, as if the graph lacked it. Elsewhere the score is that of
    /// <see cref="Score(SgmModule, GraphEdgeStates, IReadOnlyList{Triple}, SeededDropout?)"/>.
    /// </remarks>
    /// <param name="module">The module.</param>
    /// <param name="graph">The graph's states under that module.</param>
    /// <param name="triples">The triples.</param>
    /// <param name="mask">What of each triple is hidden from its own head and tail.</param>
    /// <param name="dropout">The source of dropout masks in training; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    public static Tensor Score(SgmModule module, GraphEdgeStates graph, IReadOnlyList<Triple> triples, QueryMask mask, SeededDropout? dropout = null)
    {
        ArgumentNullException.ThrowIfNull(module);
        using var scope = NewDisposeScope();
        QueryEntities entities = Entities(graph, triples, mask);
        return DistMult.Score(entities.Encode(module, dropout), module.RelationVectors(), entities.Rows).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Scores with the vectors that they come from; see <see cref="Score(SgmModule, GraphEdgeStates, IReadOnlyList{Triple}, QueryMask, SeededDropout?)"/>.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="graph">The graph's states under that module.</param>
    /// <param name="triples">The triples.</param>
    /// <param name="mask">What of each triple is hidden from its own head and tail.</param>
    /// <param name="encoded">The vectors of the graph's states, where they are at hand.</param>
    /// <returns>Scores [triples]; vectors of heads and of tails, [triples, d] each.</returns>
    internal static (Tensor Scores, Tensor Heads, Tensor Tails) ScoreWithVectors(
        SgmModule module, GraphEdgeStates graph, IReadOnlyList<Triple> triples, QueryMask mask, EncodedEdgeStates? encoded = null)
    {
        using var scope = NewDisposeScope();
        QueryEntities entities = Entities(graph, triples, mask);
        Tensor vectors = encoded is null ? entities.Encode(module) : entities.Encode(encoded);
        Tensor Ends(Converter<Triple, long> row) =>
            vectors.index_select(0, tensor(Array.ConvertAll(entities.Rows, row), device: vectors.device)).MoveToOuterDisposeScope();
        Tensor scores = DistMult.Score(vectors, module.RelationVectors(), entities.Rows).MoveToOuterDisposeScope();
        return (scores, Ends(row => row.Head), Ends(row => row.Tail));
    }

    /// <summary>−mean(log σ(s⁺) + mean over K of log σ(−s⁻)): a scalar.</summary>
    /// <param name="positives">Scores of the true triples: [B].</param>
    /// <param name="negatives">Scores of the corrupted ones, K for each true one in turn: [B · K].</param>
    public static Tensor Loss(Tensor positives, Tensor negatives)
    {
        ArgumentNullException.ThrowIfNull(positives);
        ArgumentNullException.ThrowIfNull(negatives);
        using var scope = NewDisposeScope();
        Tensor corrupted = nn.functional.logsigmoid(-negatives).view(positives.size(0), -1).mean([1]);                  // [B]
        return (-(nn.functional.logsigmoid(positives) + corrupted).mean()).MoveToOuterDisposeScope();
    }

    private static QueryEntities Entities(GraphEdgeStates graph, IReadOnlyList<Triple> triples, QueryMask mask)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(triples);
        foreach (Triple triple in triples)
        {
            graph.Graph.Bounds.Check(triple, nameof(triples));
        }

        return new QueryEntities(graph, triples, mask);
    }
}
