using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Tests.Kge;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Runtime;

namespace Microsoft.ML.Gmt.Tests.Ranking;

/// <summary>Ranking in several processes against one.</summary>
[TestClass]
public sealed class RankedSharesTests
{
    [TestMethod]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(4)]
    public void All_ranks_have_the_ranks_of_one_in_the_order_of_the_triples(int size)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        KnowledgeGraph graph = Graphs.Random(entities: 300, relations: 5, triples: 2_000);
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        var options = new KgeTrainingOptions { EmbeddingDimension = 9, ReciprocalRelations = true };
        using KgeModule module = KgeModels.Create(options.ShapeOf(KgeModel.ComplEx), graph.Bounds);
        using var scorer = new KgeScorer(module, graph) { OwnsModule = false };
        foreach (EntityCandidates? candidates in new[] { null, EntityCandidates.Sampled(20, seed: 3) })
        {
            IReadOnlyList<TripleRanks> Rank(ICollective ranks) => EntityRanking.Rank(
                ranks, scorer, triples, new KnownTriples(graph), QueryMask.None, candidates, progress: null, default);
            TripleRanks[] alone = [.. Rank(SingleRank.Instance)];
            foreach (IReadOnlyList<TripleRanks> rank in Ranks.Run(size, Rank))
            {
                CollectionAssert.AreEqual(alone, rank.ToArray());
            }
        }
    }

    [TestMethod]
    public void Values_of_all_ranks_follow_each_other_in_all()
    {
        (int, double)[][] all = Ranks.Run(3, ranks => ranks.Join([.. Enumerable.Range(0, ranks.Rank).Select(i => (i, ranks.Rank + 0.5))]));
        foreach ((int, double)[] values in all)
        {
            CollectionAssert.AreEqual(new[] { (0, 1.5), (0, 2.5), (1, 2.5) }, values);
        }
    }
}
