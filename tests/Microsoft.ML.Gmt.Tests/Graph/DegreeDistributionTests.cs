using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class DegreeDistributionTests
{
    [TestMethod]
    public void Training_triples_are_counted_for_head_and_tail()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.Add("a", "r", "b");
        builder.Add("a", "r", "a");
        builder.Add("c", "r", "b", GraphSplit.Test);
        DegreeDistribution degrees = DegreeDistribution.Of(builder.Build());
        CollectionAssert.AreEqual(new DegreeCount[] { new(0, 2), new(2, 1) }, degrees.AsHead.ToArray());
        CollectionAssert.AreEqual(new DegreeCount[] { new(0, 1), new(1, 2) }, degrees.AsTail.ToArray());
        CollectionAssert.AreEqual(new DegreeCount[] { new(0, 1), new(1, 1), new(3, 1) }, degrees.Total.ToArray());
    }

    [TestMethod]
    public void Counts_agree_with_the_statistics_of_any_graph() => Prop.ForAll(Graphs.Arbitrary, graph =>
    {
        DegreeDistribution degrees = DegreeDistribution.Of(graph);
        GraphStatistics statistics = GraphStatistics.Of(graph);
        int triples = graph.Triples(GraphSplit.Train).Length;
        return degrees.Total.Sum(count => count.Entities) == statistics.Entities
            && degrees.Total[^1].Degree == statistics.MaximumDegree
            && (degrees.Total[0].Degree == 0 ? degrees.Total[0].Entities : 0) == statistics.IsolatedEntities
            && degrees.AsHead.Sum(count => count.Degree * count.Entities) == triples
            && degrees.AsTail.Sum(count => count.Degree * count.Entities) == triples
            && degrees.Total.Sum(count => count.Degree * count.Entities) == 2 * triples;
    }).QuickCheckThrowOnFailure();
}
