using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>The entities that stand at the sought side of the question's relation in a training triple.</summary>
/// <param name="graph">The graph.</param>
internal sealed class RelationCandidates(KnowledgeGraph graph) : EntityCandidates
{
    private readonly RelationDomains _domains = new(graph);

    /// <inheritdoc/>
    internal override bool AreOfQuestion => true;

    /// <inheritdoc/>
    internal override void Check(GraphBounds bounds, int triples, string parameter)
    {
        if (graph.Bounds != bounds)
        {
            throw new ArgumentException(
                $"The candidates are of a graph with {graph.Bounds}, the model's graph has {bounds}.", parameter);
        }
    }

    /// <inheritdoc/>
    internal override void Find(RankedQuestion question, ReadOnlySpan<int> known, List<int> found)
    {
        int relation = question.Triple.Relation;
        SortedEntities.AddWithout(
            (question.Side == RankSide.Head ? _domains.HeadsOf(relation) : _domains.TailsOf(relation)).Span, known, found);
    }
}
