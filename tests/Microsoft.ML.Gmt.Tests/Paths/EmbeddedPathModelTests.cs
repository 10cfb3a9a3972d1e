using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>The path model that the library carries: that it is what its card says.</summary>
[TestClass]
public sealed class EmbeddedPathModelTests
{
    private const double LeastMrr = .3;

    [TestMethod]
    public void It_is_small_known_and_of_two_graphs()
    {
        using Stream file = EmbeddedPathModel.Open();
        Assert.IsLessThanOrEqualTo(2_000_000, file.Length);
        FoundationModel model = EmbeddedPathModel.Model;
        Assert.AreEqual(34_593, model.ParameterCount);
        Assert.AreEqual(EmbeddedPathModel.FileName, model.Origin.FileName);
        CollectionAssert.AreEqual((string[])["FB15k-237", "WN18RR"], model.Origin.PretrainedOn!.ToArray());
        Assert.AreEqual("pre-trained on FB15k-237 and WN18RR", model.Origin.ToString());
    }

    [TestMethod]
    public void It_ranks_links_of_a_graph_that_it_never_saw()
    {
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(
            Path.Combine(Goldens.RepositoryRoot, "examples", "data", "codex-s"));
        Triple[] some = [.. graph.Triples(GraphSplit.Test).ToArray().Where((_, i) => i % 20 == 0)];
        using var scorer = new PathScorer(EmbeddedPathModel.Model, graph);
        var known = new KnownTriples(graph);
        double found = EntityRanking.MeanReciprocalRank(EntityRanking.Rank(scorer, some, known, QueryMask.Full));
        Assert.IsGreaterThan(LeastMrr, found);
    }
}
