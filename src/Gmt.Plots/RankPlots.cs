using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using ScottPlot;
using ScottPlot.Plottables;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>Pictures of link prediction.</summary>
public static class RankPlots
{
    /// <summary>Plots how often the right entity had which rank, for questions for heads and for tails.</summary>
    /// <param name="metrics">What <c>ml.Ranking.EvaluateLinkPrediction</c> gives.</param>
    /// <param name="type">How ties are broken.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">There is no rank.</exception>
    /// <example>
    /// <code>
    /// using KgeTransformer model = ml.Transforms.EmbedKnowledgeGraph(graph).Fit(graph.ToDataView());
    /// LinkPredictionMetrics metrics = ml.Ranking.EvaluateLinkPrediction(model.RankEntities(graph.ToDataView(GraphSplit.Test)));
    /// metrics.PlotRanks().SavePng("ranks.png");
    /// </code>
    /// </example>
    public static GmtPlot PlotRanks(this LinkPredictionMetrics metrics, RankType type = RankType.Realistic, PlotTheme? theme = null)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        RankingMetrics both = Checked(metrics).Both.Of(type);
        var figure = new Figure(
            theme, $"Ranks of {Figure.Number(both.Count)} right entities: MRR {Figure.Number(both.MeanReciprocalRank, "0.000")}",
            "Rank of the right entity, 1 at best (from the number before up to this)", "Questions (count)");
        int[] bounds = [.. both.Histogram.Select(bin => bin.UpTo)];
        Add(metrics.Head, "Head sought", style: 0, -0.2);
        Add(metrics.Tail, "Tail sought", style: 1, 0.2);
        Figure.SetTicks(
            figure.Plot.Axes.Bottom, [.. bounds.Select((bound, i) => ((double)i, $"{(i < 3 ? "" : "≤ ")}{Figure.Number(bound)}"))]);
        figure.Plot.Axes.Margins(bottom: 0);
        return figure.Finish(Math.Max(560, 64 * bounds.Length), 460);

        void Add(SideMetrics side, string name, int style, double shift)
        {
            if (side.Of(type).Histogram is { Count: > 0 } bins)
            {
                figure.AddBars(bins.Select((bin, i) => (i + shift, (double)bin.Count)), name, style, 0.36);
            }
        }
    }

    /// <summary>Plots Hits@k of the relations with most questions, for heads and for tails (realistic ranks).</summary>
    /// <param name="metrics">What <c>ml.Ranking.EvaluateLinkPrediction</c> gives.</param>
    /// <param name="k">One of those that were asked for.</param>
    /// <param name="numberOfRelations">The most relations; 25.</param>
    /// <param name="graph">Where relations have names in running text; null for the names in the metrics.</param>
    /// <param name="theme">The colors; null for <see cref="PlotTheme.Light"/>.</param>
    /// <exception cref="ArgumentException">There is no rank, or none by relation.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of relations is below 1.</exception>
    /// <exception cref="KeyNotFoundException">This k was not asked for.</exception>
    /// <example>
    /// <code>
    /// using KgeTransformer model = ml.Transforms.EmbedKnowledgeGraph(graph).Fit(graph.ToDataView());
    /// LinkPredictionMetrics metrics = ml.Ranking.EvaluateLinkPrediction(model.RankEntities(graph.ToDataView(GraphSplit.Test)));
    /// metrics.PlotHitsByRelation(k: 10, graph: graph).SaveSvg("hits.svg");
    /// </code>
    /// </example>
    public static GmtPlot PlotHitsByRelation(
        this LinkPredictionMetrics metrics, int k = 10, int numberOfRelations = 25, KnowledgeGraph? graph = null, PlotTheme? theme = null)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfRelations, 1);
        double all = Checked(metrics).HitsAt(k);
        KeyValuePair<string, LinkPredictionMetrics>[] relations =
        [
            .. metrics.ByRelation.OrderByDescending(relation => relation.Value.Both.Realistic.Count).Take(numberOfRelations)
                .OrderByDescending(relation => relation.Value.HitsAt(k)),
        ];
        if (relations.Length == 0)
        {
            throw new ArgumentException("The metrics are those of one relation: those of all have them by relation.", nameof(metrics));
        }

        string some = relations.Length == metrics.ByRelation.Count ? $"all {relations.Length} relations"
            : $"the {relations.Length} relations with most questions, of {Figure.Number(metrics.ByRelation.Count)}";
        var figure = new Figure(
            theme, $"Hits@{k} by relation\n{some}, with their numbers of questions", $"Hits@{k} (share of questions)", "");
        double[] rows = figure.SetRows([.. relations.Select(relation =>
            $"{Figure.Short(NameOf(relation.Key))} ({Figure.Number(relation.Value.Both.Realistic.Count)})")]);
        Add(side => side.Head, "Head sought", style: 0);
        Add(side => side.Tail, "Tail sought", style: 1);
        figure.AddMark(all, $"All questions: {Figure.Number(all, "0.000")}");
        figure.Plot.Axes.SetLimitsX(-0.02, 1.02);
        return figure.Finish(720, Figure.HeightOf(relations.Length));

        string NameOf(string relation) =>
            graph is not null && graph.Relations.TryGetId(relation, out int id) ? graph.RelationText(id) : relation;

        void Add(Func<LinkPredictionMetrics, SideMetrics> side, string name, int style)
        {
            IEnumerable<(double X, double Y)> hits = relations.Select((relation, i) => (side(relation.Value).Realistic.HitsAt[k], rows[i]));
            Scatter points = figure.AddSeries(hits.Where(point => !double.IsNaN(point.X)), name, style);
            points.LineStyle = LineStyle.None;
        }
    }

    private static LinkPredictionMetrics Checked(LinkPredictionMetrics metrics) => metrics.Both.Realistic.Count > 0 ? metrics
        : throw new ArgumentException("There is no rank to plot: the metrics are of no question.", nameof(metrics));
}
