using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Graph;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class EntityRankingTests
{
    [TestMethod]
    public void Ranks_equal_scoring_each_candidate_on_its_own() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(50), Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            using var scope = NewDisposeScope();
            using Generator generator = new(2);

            // Small integers: exact in any order of summation, with many ties.
            Tensor entities = randint(-2, 3, [graph.Entities.Count, 3], ScalarType.Float32, generator: generator);
            Tensor relations = randint(-2, 3, [graph.Relations.Count, 3], ScalarType.Float32, generator: generator);
            float Score(Triple triple) => (entities[triple.Head] * relations[triple.Relation] * entities[triple.Tail]).sum().item<float>();
            var known = new KnownTriples(graph);
            foreach (TripleRanks ranks in EntityRanking.Rank(entities, relations, [.. graph.Triples(GraphSplit.Test).ToArray().Take(5)], known))
            {
                float own = Score(ranks.Triple);
                IEnumerable<Triple> tails = Enumerable.Range(0, graph.Entities.Count).Select(entity => ranks.Triple with { Tail = entity });
                float[] others = [.. tails.Where(triple => triple != ranks.Triple && !known.Contains(triple)).Select(Score)];
                Assert.AreEqual(new EntityRank(others.Count(score => score > own), others.Count(score => score == own), others.Length + 1), ranks.Tail);
            }
        }));

    [TestMethod]
    public void Masked_ranks_put_the_triples_own_score_among_those_of_the_masked_query() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            using var scope = NewDisposeScope();
            using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, Layers = 1, TopK = 3 }, 8);
            GraphEdgeStates states = new GraphEdgeStateIndex(graph, module).Current;
            Triple[] triples = [.. graph.Triples(GraphSplit.Train).ToArray().Take(4), .. graph.Triples(GraphSplit.Test).ToArray().Take(4)];
            IReadOnlyList<TripleRanks> masked = EntityRanking.Rank(module, states, triples, filter: null, QueryMask.Full);
            Tensor entities = TripleScorer.EncodeAllEntities(module, states);
            foreach (TripleRanks ranks in masked)
            {
                (Tensor own, Tensor head, Tensor tail) = TripleScorer.ScoreWithVectors(module, states, [ranks.Triple], QueryMask.Full);
                AssertRank(ranks.Tail, own, entities.mv(head[0] * module.RelationVectors()[ranks.Triple.Relation]), ranks.Triple.Tail);
                AssertRank(ranks.Head, own, entities.mv(tail[0] * module.RelationVectors()[ranks.Triple.Relation]), ranks.Triple.Head);
            }
        }));

    [TestMethod]
    public void Masked_ranks_of_triples_that_are_no_edges_are_the_plain_ones() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(Graphs.Arbitrary, graph =>
        {
            using var scope = NewDisposeScope();
            using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, Layers = 1, TopK = 3 }, 8);
            GraphEdgeStates states = new GraphEdgeStateIndex(graph, module).Current;
            HashSet<(int, int)> joined = [.. graph.Triples(GraphSplit.Train).ToArray().SelectMany(triple => new[] { (triple.Head, triple.Tail), (triple.Tail, triple.Head) })];
            Triple[] apart =
            [
                .. graph.Triples(GraphSplit.Test).ToArray().Where(triple =>
                    !joined.Contains((triple.Head, triple.Tail)) && !joined.Contains((triple.Head, triple.Head)) && !joined.Contains((triple.Tail, triple.Tail))),
            ];
            var known = new KnownTriples(graph);
            CollectionAssert.AreEqual(
                EntityRanking.Rank(module, states, apart, known).ToArray(), EntityRanking.Rank(module, states, apart, known, QueryMask.Full).ToArray());
        }));

    [TestMethod]
    public void Progress_is_told_batch_by_batch_and_the_work_may_end_between_them()
    {
        using var scope = NewDisposeScope();
        KnowledgeGraph graph = Microsoft.ML.Gmt.Tests.Estimators.Pipelines.Graph;
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, Layers = 1, TopK = 3 }, 8);
        GraphEdgeStates states = new GraphEdgeStateIndex(graph, module).Current;
        Triple[] triples = [.. Enumerable.Repeat(graph.Triples(GraphSplit.Train)[0], 300)];
        List<int> told = [];
        using var source = new CancellationTokenSource();
        EntityRanking.Rank(module, states, triples, filter: null, QueryMask.None, new Listener(told.Add));
        CollectionAssert.AreEqual(new[] { 256, 44 }, told);
        Assert.ThrowsExactly<OperationCanceledException>(() => EntityRanking.Rank(
            module, states, triples, filter: null, QueryMask.None, new Listener(_ => source.Cancel()), source.Token));
    }

    [TestMethod]
    public void A_score_that_is_not_a_number_comes_last_and_never_first()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Tensor entities = tensor(new float[] { 1, 2, float.NaN }).unsqueeze(-1);
        Tensor relations = ones(1, 1);
        Assert.AreEqual(new EntityRank(2, 0, 3), EntityRanking.Rank(entities, relations, [new Triple(0, 0, 2)], filter: null)[0].Tail);
        Assert.AreEqual(new EntityRank(2, 0, 3), EntityRanking.Rank(entities, relations, [new Triple(0, 0, 0)], filter: null)[0].Tail);
    }

    [TestMethod]
    public void Ids_without_a_vector_are_refused()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EntityRanking.Rank(ones(2, 3), ones(1, 3), [new Triple(0, 1, 1)], filter: null));
    }

    /// <summary>The rank lies where scores that differ by more than rounding put it.</summary>
    private static void AssertRank(EntityRank rank, Tensor own, Tensor scores, int sought)
    {
        const float Rounding = 1e-5f;
        float score = own.item<float>();
        float[] others = [.. scores.data<float>().ToArray().Where((_, entity) => entity != sought)];
        Assert.IsGreaterThanOrEqualTo(others.Count(other => other > score + Rounding) + 1, rank.Optimistic);
        Assert.IsLessThanOrEqualTo(others.Count(other => other >= score - Rounding) + 1, rank.Pessimistic);
    }

    private sealed class Listener(Action<int> action) : IProgress<int>
    {
        public void Report(int value) => action(value);
    }
}
