using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Notebooks;

/// <summary>A verdict in the names of its graph: the fact, what is said of it, and by what evidence.</summary>
/// <param name="Fact">The fact.</param>
/// <param name="IsTrue">Whether it is held true.</param>
/// <param name="Probability">The probability that it is true, from 0 to 1.</param>
/// <param name="Evidence">What spoke for or against it, the weightiest first.</param>
/// <param name="Picture">The evidence as a picture; null where there is none.</param>
public sealed record VerdictReport(string Fact, bool IsTrue, double Probability, IReadOnlyList<string> Evidence, GmtPlot? Picture)
{
    /// <summary>The verdict of a path model, and the paths that carried its score.</summary>
    /// <param name="paths">The model.</param>
    /// <param name="fact">The fact, by the ids of the model's graph.</param>
    /// <param name="count">How many paths, at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">The graph has no such id, or <paramref name="count"/> is below 1.</exception>
    /// <example>
    /// <code>
    /// using PathScoringTransformer paths = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
    /// Console.WriteLine(VerdictReport.Of(paths, graph.GetTriple("Sweden", "member of", "European Southern Observatory")));
    /// </code>
    /// </example>
    public static VerdictReport Of(PathScoringTransformer paths, Triple fact, int count = 5)
    {
        ArgumentNullException.ThrowIfNull(paths);
        KnowledgeGraph graph = paths.Scorer.Graph;
        ScoreVerdict verdict = paths.GetJudge().Judge([fact])[0];
        IReadOnlyList<ExplainedPath> carried = paths.ExplainPaths(fact, count: count);
        return new VerdictReport(
            graph.TripleText(fact), verdict.IsTrue, verdict.Probability,
            [.. carried.Select(path => path.Text(graph))],
            carried.Count > 0 ? carried.PlotPaths(graph) : null);
    }

    /// <summary>The verdict of stage 2, the features that moved it, and the edges that the memory read.</summary>
    /// <param name="explanation">One of what <c>ExplainVerdicts</c> of <see cref="GmtTransformer"/> gives.</param>
    /// <param name="graph">The transformer's graph.</param>
    /// <exception cref="ArgumentOutOfRangeException">The graph is another: it has no such id.</exception>
    public static VerdictReport Of(VerdictExplanation explanation, KnowledgeGraph graph)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(graph);
        return new VerdictReport(
            graph.TripleText(explanation.Triple), explanation.Verdict.IsTrue, explanation.Verdict.Probability,
            [
                .. explanation.Features.Select(feature => string.Create(
                    CultureInfo.InvariantCulture, $"{feature.Name} = {feature.Value:g4}: {feature.Effect:+0.00;-0.00;0.00} log-odds")),
                .. explanation.Edges.Select(edge => string.Create(
                    CultureInfo.InvariantCulture, $"{graph.TripleText(edge.Fact)}: {100 * edge.Weight:0.0} % of the attention")),
            ],
            explanation.Features.Count > 0 ? explanation.PlotFeatures(graph)
                : explanation.Edges.Count > 0 ? explanation.PlotAttention(graph) : null);
    }

    /// <summary>The fact and the verdict in one line, and a line for each piece of evidence.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Fact}: {(IsTrue ? "true" : "false")}, probability {Probability:0.00}")
        + string.Concat(Evidence.Select(evidence => $"\n  by {evidence}"));
}
