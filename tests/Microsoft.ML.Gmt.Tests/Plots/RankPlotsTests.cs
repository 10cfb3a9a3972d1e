using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Plots;
using ScottPlot;
using ScottPlot.Plottables;

namespace Microsoft.ML.Gmt.Tests.Plots;

[TestClass]
public sealed class RankPlotsTests
{
    private static readonly LinkPredictionMetrics Known = LinkPredictionMetrics.Compute(
    [
        Rank("P1", RankSide.Head, 1), Rank("P1", RankSide.Tail, 1), Rank("P1", RankSide.Tail, 4),
        Rank("P2", RankSide.Head, 30), Rank("P2", RankSide.Tail, 2), Rank("P3", RankSide.Tail, 11),
    ]);

    [TestMethod]
    public void Ranks_are_counted_by_side()
    {
        GmtPlot plot = Known.PlotRanks();
        BarPlot[] bars = [.. plot.Plot.GetPlottables<BarPlot>()];
        CollectionAssert.AreEqual(new[] { 1.0, 0, 0, 0, 0, 0, 1 }, bars[0].Bars.Select(bar => bar.Value).ToArray());
        CollectionAssert.AreEqual(new[] { 1.0, 1, 0, 1, 0, 1 }, bars[1].Bars.Select(bar => bar.Value).ToArray());
        var svg = new SvgPicture(plot.ToSvg());
        foreach (string text in new[]
        {
            "1", "2", "3", "≤ 5", "≤ 10", "≤ 20", "≤ 50", "Head sought", "Tail sought", "Ranks of 6 right entities: MRR 0.479",
        })
        {
            Assert.Contains(text, svg.Texts);
        }
    }

    [TestMethod]
    public void Hits_of_the_relations_with_most_questions_stand_by_their_names()
    {
        GmtPlot plot = Known.PlotHitsByRelation(k: 3, numberOfRelations: 2);
        Scatter[] points = [.. plot.Plot.GetPlottables<Scatter>()];
        CollectionAssert.AreEqual(
            new Coordinates[] { new(1, 1), new(0, 0) }, points[0].Data.GetScatterPoints().ToArray(), "heads, the better relation on top");
        CollectionAssert.AreEqual(new Coordinates[] { new(0.5, 1), new(1, 0) }, points[1].Data.GetScatterPoints().ToArray());
        var svg = new SvgPicture(plot.ToSvg());
        Assert.Contains("P1 (3)", svg.Texts);
        Assert.Contains("P2 (2)", svg.Texts);
        Assert.Contains("the 2 relations with most questions, of 3, with their numbers of questions", svg.Texts);
        Assert.Contains("All questions: 0.500", svg.Texts);
        Assert.AreEqual(3, svg.CirclesOf(PlotTheme.Light.Series[0]), "two heads, and the legend");
    }

    [TestMethod]
    public void Relations_that_were_asked_for_one_side_alone_have_one_point_and_labels_come_from_the_graph()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.AddRelation("P3", text: "part of");
        GmtPlot plot = Known.PlotHitsByRelation(k: 10, graph: builder.Build());
        CollectionAssert.AreEqual(
            new[] { 2, 3 }, plot.Plot.GetPlottables<Scatter>().Select(side => side.Data.GetScatterPoints().Count).ToArray());
        IReadOnlyList<string> texts = new SvgPicture(plot.ToSvg()).Texts;
        Assert.Contains("part of (1)", texts);
        Assert.Contains("P1 (3)", texts);
    }

    [TestMethod]
    public void Missing_ranks_relations_and_cuts_are_said()
    {
        LinkPredictionMetrics none = LinkPredictionMetrics.Compute([]);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => none.PlotRanks()).Message, "no question");
        Assert.ThrowsExactly<ArgumentException>(() => none.PlotHitsByRelation());
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => Known.ByRelation["P1"].PlotHitsByRelation()).Message, "those of one relation");
        Assert.ThrowsExactly<KeyNotFoundException>(() => Known.PlotHitsByRelation(k: 7));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Known.PlotHitsByRelation(numberOfRelations: 0));
    }

    [TestMethod]
    public void One_rank_is_a_bar()
    {
        GmtPlot plot = LinkPredictionMetrics.Compute([Rank("P1", RankSide.Head, 1)]).PlotRanks();
        Assert.AreEqual(1, plot.Plot.GetPlottables<BarPlot>().Single().Bars.Single().Value);
        Assert.AreEqual(2, new SvgPicture(plot.ToSvg()).RectanglesOf(PlotTheme.Light.Series[0]), "the bar, and the legend");
    }

    private static RankedQuery Rank(string relation, RankSide side, int rank) =>
        new(relation, side, EntityRank.FromRanks(rank, rank, 100));
}
