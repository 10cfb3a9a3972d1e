using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>Pictures of knowledge graphs.</summary>
public static class GraphPlots
{
    private const int MostMarkers = 40;

    /// <summary>
    /// Plots the share of entities that stand in at least so many training triples, on logarithmic axes: a straight line is a power law.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">The graph has no training triple.</exception>
    /// <example>
    /// <code>
    /// graph.PlotDegrees().SaveSvg("degrees.svg");
    /// </code>
    /// </example>
    public static GmtPlot PlotDegrees(this KnowledgeGraph graph, PlotTheme? theme = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        int triples = graph.Triples(GraphSplit.Train).Length;
        if (triples == 0)
        {
            throw new ArgumentException("The graph has no training triple, so no entity has a degree.", nameof(graph));
        }

        DegreeDistribution degrees = DegreeDistribution.Of(graph);
        int without = degrees.Total[0] is { Degree: 0 } none ? none.Entities : 0;
        var figure = new Figure(
            theme, $"Degrees of {Figure.Number(graph.Entities.Count)} entities in {Figure.Number(triples)} training triples\n"
            + $"{Figure.Number(without)} of them without a triple",
            "Degree (training triples of the entity, logarithmic)", "Entities of at least this degree (share, logarithmic)");
        Add(degrees.Total, "Head or tail", style: 0);
        Add(degrees.AsHead, "Head", style: 1);
        Add(degrees.AsTail, "Tail", style: 2);
        Figure.SetTicks(figure.Plot.Axes.Bottom, Decades(0, Math.Log10(degrees.Total[^1].Degree), 1, ""));
        Figure.SetTicks(figure.Plot.Axes.Left, Decades(-Math.Log10(graph.Entities.Count), 0, 100, " %"));
        return figure.Finish(680, 500);

        void Add(IReadOnlyList<DegreeCount> counts, string name, int style)
        {
            (double X, double Y)[] points = [.. Tail(counts, graph.Entities.Count)];
            _ = points.Length > MostMarkers ? figure.AddLine(points, name, style) : figure.AddSeries(points, name, style);
        }
    }

    /// <summary>Logarithms of each degree above 0 and of the share of entities that have at least it.</summary>
    private static IEnumerable<(double X, double Y)> Tail(IReadOnlyList<DegreeCount> counts, int entities)
    {
        int left = entities;
        foreach (DegreeCount count in counts)
        {
            if (count.Degree > 0)
            {
                yield return (Math.Log10(count.Degree), Math.Log10((double)left / entities));
            }

            left -= count.Entities;
        }
    }

    private static (double Position, string Text)[] Decades(double from, double to, double unit, string suffix) =>
    [
        .. Enumerable.Range((int)Math.Floor(from), (int)Math.Ceiling(to) - (int)Math.Floor(from) + 1)
            .Select(power => ((double)power, Figure.Number(unit * Math.Pow(10, power), "#,0.########") + suffix)),
    ];
}
