using Examples.PathModel;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Examples;

[TestClass]
public sealed class NameOverlapTests
{
    [TestMethod]
    public void It_counts_entities_ends_and_joins_by_what_people_read()
    {
        var trained = new KnowledgeGraphBuilder();
        trained.AddEntity("/m/1", "Bern");
        trained.AddEntity("/m/2", "Switzerland");
        trained.AddEntity("/m/3", "Basel");
        trained.Add("/m/2", "capital", "/m/1");
        trained.Add("/m/3", "near", "/m/4", GraphSplit.Test);
        var judged = new KnowledgeGraphBuilder();
        judged.AddEntity("Q70", "bern");
        judged.AddEntity("Q39", "Switzerland");
        judged.AddEntity("Q78", "Basel");
        judged.Add("Q70", "in", "Q39", GraphSplit.Test);
        judged.Add("Q78", "in", "Q39", GraphSplit.Test);
        judged.Add("Q78", "in", "Q1", GraphSplit.Test);
        judged.Add("Q70", "in", "Q1");
        Assert.AreEqual(new NameOverlap(3, 2, 1), NameOverlap.Of(trained.Build(), judged.Build()));
    }
}
