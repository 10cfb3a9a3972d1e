using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>Looks up which half-links of a triple some triples hold.</summary>
internal static class ObservedHalfLinks
{
    /// <summary>The half-links that other triples state; the triple itself, where it is among them, does not count.</summary>
    /// <param name="observed">The triples, as a rule those of the graph that a model reads.</param>
    /// <param name="triple">The triple.</param>
    public static HalfLinks Of(KnownTriples observed, Triple triple)
    {
        (int head, int relation, int tail) = triple;
        return (HasOther(observed.TailsOf(head, relation), tail) ? HalfLinks.HeadRelation : HalfLinks.None)
            | (HasOther(observed.HeadsOf(relation, tail), head) ? HalfLinks.RelationTail : HalfLinks.None);
    }

    private static bool HasOther(ReadOnlySpan<int> entities, int than) =>
        entities.Length > 1 || (entities.Length == 1 && entities[0] != than);
}
