using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>Pictures of what a verdict came about by.</summary>
public static class VerdictPlots
{
    private const string Attention = "Attention of the memory tokens (share, %)";

    /// <summary>Plots which edges the memory read for a triple, and how much.</summary>
    /// <param name="edges">What <see cref="TripleJudge.Explain"/> gives for one triple.</param>
    /// <param name="graph">The graph of their ids.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">There is no edge.</exception>
    public static GmtPlot PlotAttention(this IReadOnlyList<EdgeReading> edges, KnowledgeGraph graph, PlotTheme? theme = null)
    {
        ArgumentNullException.ThrowIfNull(edges);
        ArgumentNullException.ThrowIfNull(graph);
        return PlotEdges(edges, graph, "What the memory read", theme);
    }

    /// <summary>Plots which edges the memory read for a verdict, and how much.</summary>
    /// <param name="explanation">One of what <c>ExplainVerdicts</c> of a <see cref="GmtTransformer"/> gives.</param>
    /// <param name="graph">The transformer's graph.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">There is no edge.</exception>
    /// <example>
    /// <code>
    /// using TransformerChain&lt;GmtTransformer> model = ml.Transforms.SgmPretrain(graph)
    ///     .Append(ml.Transforms.GmtFinetune("models/tiny-llama")).Fit(graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1));
    /// VerdictExplanation why = model.LastTransformer.ExplainVerdicts(graph.ToDataView(GraphSplit.Test))[0];
    /// why.PlotAttention(graph).SaveSvg("attention.svg");
    /// </code>
    /// </example>
    public static GmtPlot PlotAttention(this VerdictExplanation explanation, KnowledgeGraph graph, PlotTheme? theme = null)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(graph);
        return PlotEdges(explanation.Edges, graph, TitleOf(explanation, graph), theme);
    }

    /// <summary>Plots by how much features, and path models among them, spoke for a triple or against it.</summary>
    /// <param name="explanation">One of what <c>ExplainVerdicts</c> of a <see cref="GmtTransformer"/> gives.</param>
    /// <param name="graph">The transformer's graph.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">No feature moved the verdict, or the model reads none.</exception>
    /// <example>
    /// <code>
    /// ITransformer model = ml.Model.Load("facts.zip", out _);
    /// GmtTransformer gmt = ((TransformerChain&lt;ITransformer>)model).OfType&lt;GmtTransformer>().Single();
    /// IDataView features = model.Transform(graph.ToDataView(GraphSplit.Test));   // has the column that it reads
    /// gmt.ExplainVerdicts(features)[0].PlotFeatures(graph).SavePng("features.png", scale: 3);
    /// </code>
    /// </example>
    public static GmtPlot PlotFeatures(this VerdictExplanation explanation, KnowledgeGraph graph, PlotTheme? theme = null)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        ArgumentNullException.ThrowIfNull(graph);
        (string Name, double Effect)[] effects =
        [
            .. explanation.Features
                .Select(feature => ($"{Figure.Short(feature.Name)} = {Figure.Number(feature.Value, "g4")}", feature.Effect))
                .Concat(explanation.Paths.Select(model => ($"{model.Name} (path model)", model.Effect)))
                .OrderByDescending(effect => Math.Abs(effect.Effect)),
        ];
        Refuse(effects.Length == 0, "No feature moved the verdict, or the model reads none.", nameof(explanation));
        var figure = new Figure(theme, TitleOf(explanation, graph), "Change of the verdict (log-odds, natural logarithm)", "");
        figure.AddRowBars(
            [.. effects.Select(effect => (effect.Name, effect.Effect, Figure.Number(effect.Effect, "+0.00;-0.00;0.00")))],
            "Speaks for the triple", "Speaks against it");
        return figure.Finish(760, Figure.HeightOf(effects.Length));
    }

    /// <summary>Plots the paths that carried a path model's score, by their weights.</summary>
    /// <param name="paths">What <see cref="PathScoringTransformer.ExplainPaths"/> gives, or a <see cref="PathReason"/>.</param>
    /// <param name="graph">The graph of their ids.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">There is no path.</exception>
    /// <example>
    /// <code>
    /// using PathScoringTransformer model = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
    /// Triple fact = graph.GetTriple("Sweden", "member of", "European Southern Observatory");
    /// model.ExplainPaths(fact).PlotPaths(graph).SaveSvg("paths.svg");
    /// </code>
    /// </example>
    public static GmtPlot PlotPaths(this IReadOnlyList<ExplainedPath> paths, KnowledgeGraph graph, PlotTheme? theme = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(graph);
        Refuse(paths.Count == 0, "There is no path: none of the model's length leads from one entity to the other.", nameof(paths));
        var figure = new Figure(theme, "Paths that carried the score", "Weight of the path (change of the score, first order)", "");
        figure.AddRowBars(
            [.. paths.Select(path => (TextOf(path, graph), path.Weight, Figure.Number(path.Weight, "0.000")))],
            "Speaks for the answer", "Speaks against it");
        return figure.Finish(760, Figure.HeightOf(paths.Count, linesOfLabel: paths.Max(path => path.Steps.Count)));
    }

    private static GmtPlot PlotEdges(IReadOnlyList<EdgeReading> edges, KnowledgeGraph graph, string title, PlotTheme? theme)
    {
        Refuse(edges.Count == 0, "The memory read no edge: head and tail have none beside what is hidden.", nameof(edges));
        var figure = new Figure(theme, title, Attention, "");
        figure.AddRowBars(
            [
                .. edges.Select(edge => (
                    Figure.Short(graph.TripleText(edge.Fact)), 100.0 * edge.Weight, $"{Figure.Number(100 * edge.Weight, "0.0")} %")),
            ],
            null, null);
        return figure.Finish(760, Figure.HeightOf(edges.Count));
    }

    private static string TitleOf(VerdictExplanation explanation, KnowledgeGraph graph) =>
        $"{Figure.Short(graph.TripleText(explanation.Triple), 90)}\nheld {(explanation.Verdict.IsTrue ? "true" : "false")}, probability of "
        + $"being true {Figure.Number(explanation.Verdict.Probability, "0.00")}";

    private static string TextOf(ExplainedPath path, KnowledgeGraph graph) =>
        string.Join('\n', path.Steps.Select(step => Figure.Short(graph.TripleText(step.Fact))));

    private static void Refuse(bool isWrong, string message, string name)
    {
        if (isWrong)
        {
            throw new ArgumentException(message, name);
        }
    }
}
