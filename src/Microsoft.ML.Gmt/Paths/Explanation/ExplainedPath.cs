using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>A path of facts that carried a score, from the entity that was given to the one that was asked for.</summary>
/// <param name="Weight">
/// How much it matters to the score, to first order: the mean of its facts' weights. A negative one speaks against the answer.
/// </param>
/// <param name="Steps">Its facts in the order in which they are walked, each with its own weight.</param>
public sealed record ExplainedPath(double Weight, IReadOnlyList<ExplainedStep> Steps)
{
    /// <summary>Its facts in words, separated by commas.</summary>
    /// <param name="graph">The graph of the model that explained it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The graph is another: it has no such id.</exception>
    public string Text(KnowledgeGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return string.Join(", ", Steps.Select(step => graph.TripleText(step.Fact)));
    }
}
