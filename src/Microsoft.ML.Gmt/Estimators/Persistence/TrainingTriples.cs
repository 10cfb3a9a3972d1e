using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt;

/// <summary>What an archive records of the triples that a model was fitted on: whether they are the graph's training triples.</summary>
internal static class TrainingTriples
{
    /// <summary>Whether a model was fitted on its graph's training triples, all of them and no others.</summary>
    public static bool AreAllOf(ITripleScorer model) =>
        model.FittedOn is { } seen && seen.SetEquals(new KnownTriples(model.Graph, GraphSplit.Train));

    /// <summary>What a record says: those triples, or that nothing is known.</summary>
    public static Func<KnownTriples?> Recorded(bool areAll, KnowledgeGraph graph) =>
        () => areAll ? new KnownTriples(graph, GraphSplit.Train) : null;
}
