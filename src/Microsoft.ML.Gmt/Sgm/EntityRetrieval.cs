using Microsoft.ML.Gmt.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>An entity that may complete a triple.</summary>
/// <param name="Triple">The triple with it.</param>
/// <param name="Score">Its DistMult score.</param>
public readonly record struct ScoredTriple(Triple Triple, float Score);

/// <summary>Finds the entities that complete a triple best, by DistMult over all of them.</summary>
public static class EntityRetrieval
{
    /// <summary>The best tails of (head, relation, ?).</summary>
    /// <param name="module">The module.</param>
    /// <param name="graph">The graph's states under that module.</param>
    /// <param name="head">Id of the head.</param>
    /// <param name="relation">Id of the relation, without inverses.</param>
    /// <param name="count">How many to find.</param>
    /// <param name="isWanted">Which triples count, such as those that are not known yet; null for all.</param>
    /// <returns>Best first; of equal scores the smaller id.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph.</exception>
    public static IReadOnlyList<ScoredTriple> Tails(SgmModule module, GraphEdgeStates graph, int head, int relation, int count, Func<Triple, bool>? isWanted = null) =>
        Complete(module, graph, head, relation, count, isWanted, entity => new Triple(head, relation, entity));

    /// <summary>The best heads of (?, relation, tail).</summary>
    /// <param name="module">The module.</param>
    /// <param name="graph">The graph's states under that module.</param>
    /// <param name="relation">Id of the relation, without inverses.</param>
    /// <param name="tail">Id of the tail.</param>
    /// <param name="count">How many to find.</param>
    /// <param name="isWanted">Which triples count, such as those that are not known yet; null for all.</param>
    /// <returns>Best first; of equal scores the smaller id.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is not in the graph.</exception>
    public static IReadOnlyList<ScoredTriple> Heads(SgmModule module, GraphEdgeStates graph, int relation, int tail, int count, Func<Triple, bool>? isWanted = null) =>
        Complete(module, graph, tail, relation, count, isWanted, entity => new Triple(entity, relation, tail));

    private static ScoredTriple[] Complete(
        SgmModule module, GraphEdgeStates graph, int known, int relation, int count, Func<Triple, bool>? isWanted, Func<int, Triple> complete)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        graph.Graph.Bounds.Check(new Triple(known, relation, known), nameof(known));
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        Tensor entities = TripleScorer.EncodeAllEntities(module, graph);              // [entities, d]
        Tensor query = entities[known] * module.RelationVectors()[relation];          // [d]
        float[] scores = [.. entities.mv(query).cpu().data<float>()];                 // [entities]
        return
        [
            .. scores.Select((score, entity) => new ScoredTriple(complete(entity), score)).Where(candidate => isWanted?.Invoke(candidate.Triple) != false)
                .OrderByDescending(candidate => candidate.Score).Take(count),
        ];
    }
}
