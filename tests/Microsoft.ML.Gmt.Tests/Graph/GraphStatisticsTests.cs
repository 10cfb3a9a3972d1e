using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class GraphStatisticsTests
{
    [TestMethod]
    public void Everything_is_counted()
    {
        var builder = new KnowledgeGraphBuilder(["a", "b", "c", "alone"], ["r", "unused"]);
        builder.AddRange([new(0, 0, 1), new(0, 0, 1), new(2, 0, 2), new(0, 0, 2)]);
        builder.AddRange([new(0, 0, 1), new(1, 0, 0)], GraphSplit.Validation);
        builder.AddRange([new(1, 0, 0), new(1, 0, 0), new(3, 0, 0)], GraphSplit.Validation, label: false);
        builder.AddEntity("a", "A", "the first");
        builder.AddRelation("r", "R");

        GraphStatistics statistics = GraphStatistics.Of(builder.Build());

        Assert.AreEqual(
            new GraphStatistics
            {
                Entities = 4,
                Relations = 2,
                Train = new SplitStatistics(Triples: 4, Negatives: 0, Duplicates: 1, SelfLoops: 1, InTraining: 4, LabeledBothWays: 0),
                Validation = new SplitStatistics(Triples: 2, Negatives: 3, Duplicates: 0, SelfLoops: 0, InTraining: 1, LabeledBothWays: 1),
                Test = new SplitStatistics(0, 0, 0, 0, 0, 0),
                IsolatedEntities = 1,
                UnusedRelations = 1,
                MeanDegree = 2,
                MedianDegree = 2,
                MaximumDegree = 3,
                EntityTexts = 1,
                EntityDefinitions = 1,
                RelationTexts = 1,
                RelationDefinitions = 0,
            },
            statistics);
    }

    [TestMethod]
    public void An_empty_graph_has_statistics_too() =>
        Assert.AreEqual(0, GraphStatistics.Of(new KnowledgeGraphBuilder().Build()).MeanDegree);
}
