using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// Finds the paths that carried a score, as NBFNet does (Zhu et al. 2021, section 4.4 and appendix): edges weigh what the score's
/// derivative says, and the paths of the greatest means are the explanation.
/// </summary>
internal static class PathExplainer
{
    /// <summary>Explains one side of a triple.</summary>
    /// <param name="scorer">The model.</param>
    /// <param name="ask">The triple and the side.</param>
    /// <param name="mask">What of it is hidden.</param>
    /// <param name="count">How many paths are wanted.</param>
    public static IReadOnlyList<ExplainedPath> Explain(PathScorer scorer, PathAsk ask, QueryMask mask, int count)
    {
        PathRuntime runtime = scorer.Runtime;
        (float[] relations, PathLayer[] layers) = runtime.Conditions(runtime.KeyOf(ask));
        int label = runtime.LabelOf(ask);
        var query = new PathQuery(
            ask.Source, relations.AsMemory(label * runtime.Width, runtime.Width), scorer.Removed(ask.Query, mask));
        float[][] weights = EdgeGradients.Of(runtime.EntityKernel, layers, scorer.Model.Readout, query, ask.Answer);
        return
        [
            .. new BestPaths(runtime.Entities, query, ask.Answer, count).Find(weights).Select(path => new ExplainedPath(
                path.Mean, [.. path.Edges.Select(step => Step(runtime.Entities, step.Edge, step.Weight))])),
        ];
    }

    // A message runs from tail to head under the relation's own number; a path is walked with the messages.
    private static ExplainedStep Step(MessageGraph graph, int edge, double weight)
    {
        (int receiver, int sender, int label) = (graph.ReceiverOf(edge), graph.Senders[edge], graph.Labels[edge]);
        int relations = graph.LabelCount / 2;
        return label < relations
            ? new ExplainedStep(new Triple(receiver, label, sender), IsForward: false, weight)
            : new ExplainedStep(new Triple(sender, label - relations, receiver), IsForward: true, weight);
    }
}
