using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Graph;

namespace Microsoft.ML.Gmt.Tests.Ranking;

[TestClass]
public sealed class EntityCandidatesTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [TestMethod]
    public void Ranks_among_some_equal_counting_them_one_by_one() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Graphs.Arbitrary, Seeds, (graph, seed) =>
        {
            var random = new Random(seed);
            int[] Some() => [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(graph.Entities.Count))];
            float Score(Triple triple) => ((triple.Head * 7) + (triple.Relation * 3) + (triple.Tail * 5)) % 4;
            Triple[] triples = [.. graph.Triples(GraphSplit.Test), .. graph.Triples(GraphSplit.Train), .. graph.Triples(GraphSplit.Test)];
            int[] heads = Some(), tails = Some();
            int[][] headsOf = [.. triples.Select(_ => Some())], tailsOf = [.. triples.Select(_ => Some())];
            Triple[] training = graph.Triples(GraphSplit.Train).ToArray();
            foreach (KnownTriples? filter in new[] { null, new KnownTriples(graph), new KnownTriples(graph, GraphSplit.Validation) })
            {
                void AssertRanks(EntityCandidates candidates, Func<int, int[]> ofHead, Func<int, int[]> ofTail)
                {
                    IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(
                        new FunctionScorer(graph, Score), triples, filter, QueryMask.None, candidates);
                    for (int i = 0; i < triples.Length; i++)
                    {
                        Triple triple = triples[i];
                        EntityRank Naive(IEnumerable<Triple> among)
                        {
                            Triple[] rivals = [.. among.Distinct().Where(other => other != triple && filter?.Contains(other) != true)];
                            return new EntityRank(
                                rivals.Count(rival => Score(rival) > Score(triple)), rivals.Count(rival => Score(rival) == Score(triple)),
                                rivals.Length + 1);
                        }

                        Assert.AreEqual(Naive(ofHead(i).Select(entity => triple with { Head = entity })), ranks[i].Head);
                        Assert.AreEqual(Naive(ofTail(i).Select(entity => triple with { Tail = entity })), ranks[i].Tail);
                    }
                }

                AssertRanks(EntityCandidates.Of(heads), _ => heads, _ => heads);
                AssertRanks(EntityCandidates.Of(heads, tails), _ => heads, _ => tails);
                AssertRanks(EntityCandidates.ForEach(headsOf, tailsOf), i => headsOf[i], i => tailsOf[i]);
                int[] Typed(int i, Func<Triple, int> side) =>
                    [.. training.Where(other => other.Relation == triples[i].Relation).Select(side)];
                AssertRanks(EntityCandidates.Typed(graph), i => Typed(i, other => other.Head), i => Typed(i, other => other.Tail));
            }
        }));

    [TestMethod]
    public void Drawn_candidates_make_no_known_triple_and_are_as_many_as_there_can_be() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Graphs.Arbitrary, Seeds, (graph, seed) =>
        {
            var known = new KnownTriples(graph);
            foreach (Triple triple in graph.Triples(GraphSplit.Test).ToArray().Concat(graph.Triples(GraphSplit.Train).ToArray()))
            {
                foreach (bool atHead in new[] { false, true })
                {
                    ReadOnlySpan<int> others =
                        atHead ? known.HeadsOf(triple.Relation, triple.Tail) : known.TailsOf(triple.Head, triple.Relation);
                    foreach (int count in new[] { 1, 3, 100 })
                    {
                        int[] found = Draw(graph, triple, atHead ? RankSide.Head : RankSide.Tail, others, count, seed);
                        CollectionAssert.AllItemsAreUnique(found);
                        Assert.HasCount(Math.Min(count, graph.Entities.Count - others.Length), found);
                        Assert.IsTrue(found.All(entity => entity >= 0 && entity < graph.Entities.Count));
                        Assert.IsFalse(found.Any(entity => known.Contains(
                            atHead ? triple with { Head = entity } : triple with { Tail = entity })));
                    }
                }
            }
        }));

    [TestMethod]
    public void Every_entity_that_is_left_is_drawn_as_often()
    {
        KnowledgeGraph graph = Graphs.Random(entities: 10, relations: 1, triples: 1);
        int[] known = [2, 3, 7];
        int[] drawn = new int[10];
        const int Seeds = 6_000, Count = 2;
        for (int seed = 0; seed < Seeds; seed++)
        {
            foreach (int entity in Draw(graph, new Triple(0, 0, 5), RankSide.Tail, known, Count, seed))
            {
                drawn[entity]++;
            }
        }

        foreach (int none in known.Append(5))
        {
            Assert.AreEqual(0, drawn[none]);
        }

        // 6 are left, each with probability 1/3: 2,000 times, 5 standard deviations are 183.
        Assert.IsTrue(drawn.Where(count => count > 0).All(count => Math.Abs(count - 2_000) < 183), string.Join(", ", drawn));
        Assert.AreEqual(Seeds * Count, drawn.Sum());
    }

    [TestMethod]
    public void Draws_depend_on_the_seed_and_the_triple_alone()
    {
        KnowledgeGraph graph = Graphs.Random(entities: 200, relations: 3, triples: 300);
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        var scorer = new FunctionScorer(graph, triple => ((triple.Head * 31) + (triple.Tail * 17)) % 101);
        IReadOnlyList<TripleRanks> Rank(Triple[] of, int seed) =>
            EntityRanking.Rank(scorer, of, new KnownTriples(graph), QueryMask.None, EntityCandidates.Sampled(50, seed));
        IReadOnlyList<TripleRanks> all = Rank(triples, 1);
        CollectionAssert.AreEqual(all.ToArray(), Rank(triples, 1).ToArray());
        CollectionAssert.AreEqual(all.Reverse().ToArray(), Rank([.. Enumerable.Reverse(triples)], 1).ToArray());
        CollectionAssert.AreEqual(all.Take(3).ToArray(), Rank(triples[..3], 1).ToArray());
        CollectionAssert.AreNotEqual(all.ToArray(), Rank(triples, 2).ToArray());
        Assert.IsTrue(all.All(rank => (rank.Head.Candidates, rank.Tail.Candidates) == (51, 51)));
    }

    [TestMethod]
    public void Candidates_of_other_graphs_and_other_triples_are_refused()
    {
        KnowledgeGraph graph = new KnowledgeGraphBuilder(["a", "b"], ["r"]).Build();
        Triple[] triples = [new(0, 0, 1)];
        string Refused<T>(EntityCandidates candidates)
            where T : Exception => Assert.ThrowsExactly<T>(
                () => EntityRanking.Rank(new FunctionScorer(graph, _ => 0), triples, filter: null, QueryMask.None, candidates)).Message;
        StringAssert.Contains(Refused<ArgumentOutOfRangeException>(EntityCandidates.Of([1, 2])), "There is no entity 2");
        StringAssert.Contains(Refused<ArgumentOutOfRangeException>(EntityCandidates.ForEach([[0]], [[-1]])), "There is no entity -1");
        StringAssert.Contains(
            Refused<ArgumentException>(EntityCandidates.ForEach([], [])), "candidates for 0 triples, and 1 triples to rank");
        StringAssert.Contains(
            Refused<ArgumentException>(EntityCandidates.Typed(new KnowledgeGraphBuilder(["a"], ["r"]).Build())), "1 entities");
        Assert.ThrowsExactly<ArgumentException>(() => EntityCandidates.ForEach([[0]], []));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EntityCandidates.Sampled(0));
    }

    private static int[] Draw(KnowledgeGraph graph, Triple triple, RankSide side, ReadOnlySpan<int> known, int count, int seed)
    {
        List<int> found = [];
        EntityCandidates.Sampled(count, seed).Find(new RankedQuestion(triple, side, 0, graph.Entities.Count), known, found);
        return [.. found];
    }
}
