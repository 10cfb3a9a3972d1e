using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Ranking;

[TestClass]
public sealed class RerankedLinksTests
{
    private const int Entities = 30, Kept = 6;

    private static readonly Triple[] Test =
        [.. Enumerable.Range(0, 40).Select(i => new Triple(i * 7 % Entities, i % 3, ((i * 11) + 4) % Entities))];

    private static readonly KnowledgeGraph Graph = NewGraph();
    private static readonly KnownTriples Known = new(Graph, Test, GraphSplit.Train);

    // Few values, so that many entities are equal.
    private static readonly FunctionScorer First = new(Graph, triple => Draw(triple, 1) % 9);

    [TestMethod]
    public void Those_retrieved_are_the_best_that_are_not_known()
    {
        CandidateRetrieval found = Retrieve();
        for (int i = 0; i < Test.Length; i++)
        {
            Triple truth = Test[i];
            (int Entity, float Score)[] best =
            [
                .. Enumerable.Range(0, Entities)
                    .Where(entity => entity == truth.Tail || !Known.Contains(truth with { Tail = entity }))
                    .Select(entity => (entity, Draw(truth with { Tail = entity }, 1) % 9))
                    .OrderByDescending(item => item.Item2).ThenBy(item => item.entity).Take(Kept),
            ];
            CollectionAssert.AreEqual(best.Select(item => item.Entity).ToArray(), found.Tails[i].Entities);
            CollectionAssert.AreEqual(best.Select(item => item.Score).ToArray(), found.Tails[i].Scores);
            Assert.AreEqual(Array.FindIndex(best, item => item.Entity == truth.Tail), found.Tails[i].AnswerPlace);
        }

        Assert.IsTrue(found.Heads.Any(head => head.AnswerPlace < 0) && found.Heads.Any(head => head.AnswerPlace >= 0));
    }

    [TestMethod]
    public void Weight_nothing_gives_the_first_ranks_and_another_orders_what_was_retrieved()
    {
        RerankedLinks links = Rerank((triple, _) => Draw(triple, 2) % 5);
        CollectionAssert.AreEqual(
            EntityRanking.Rank(First, Test, Known, QueryMask.None).ToArray(), links.Ranks(0).ToArray());
        foreach (double weight in (double[])[0.5, 3, double.PositiveInfinity])
        {
            IReadOnlyList<TripleRanks> ranks = links.Ranks(weight);
            CandidateRetrieval found = Retrieve();
            for (int i = 0; i < Test.Length; i++)
            {
                double Total(int place)
                {
                    double second = Draw(Test[i] with { Head = found.Heads[i].Entities[place] }, 2) % 5;
                    return double.IsInfinity(weight) ? second : found.Heads[i].Scores[place] + (weight * second);
                }

                int answer = found.Heads[i].AnswerPlace;
                EntityRank first = found.Ranks[i].Head;
                if (answer < 0)
                {
                    Assert.AreEqual(Math.Max(first.Higher, Kept), ranks[i].Head.Higher);
                    Assert.AreEqual(Math.Max(first.Pessimistic, Kept + 1), ranks[i].Head.Pessimistic);
                }
                else
                {
                    double[] totals = [.. Enumerable.Range(0, found.Heads[i].Entities.Length).Select(Total)];
                    Assert.AreEqual(totals.Count(total => total > totals[answer]), ranks[i].Head.Higher);
                    Assert.AreEqual(totals.Count(total => total == totals[answer]) - 1, ranks[i].Head.Equal);
                }

                Assert.AreEqual(first.Candidates, ranks[i].Head.Candidates);
            }
        }
    }

    [TestMethod]
    public void A_second_score_that_knows_finds_all_that_was_retrieved_and_no_more()
    {
        RerankedLinks links = Rerank((triple, truth) => triple == truth ? 1 : 0);
        Assert.AreEqual(2 * Test.Length, links.QuestionCount);
        Assert.AreEqual(1 - ((double)links.Misses / links.QuestionCount), links.Recall);
        Assert.AreEqual(links.Recall, links.Metrics(double.PositiveInfinity).HitsAt(1), 1e-12);
        Assert.IsTrue(links.Misses > 0 && links.Recall > 0.1);
        Assert.IsTrue(links.ChooseWeight() > 0);
        Assert.AreEqual(4, links.ChooseWeight([0, 4]));
    }

    [TestMethod]
    public void A_second_score_that_says_nothing_or_the_contrary_gets_no_weight()
    {
        Assert.AreEqual(0, Rerank((_, _) => 0, new FunctionScorer(Graph, triple => Draw(triple, 1))).ChooseWeight([0, 1]));
        Assert.AreEqual(0, Rerank((triple, truth) => triple == truth ? -1 : 0).ChooseWeight());
    }

    [TestMethod]
    public void Weights_that_are_none_are_refused()
    {
        RerankedLinks links = Rerank((_, _) => 0);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => links.Ranks(-1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => links.Metrics(double.NaN));
        Assert.ThrowsExactly<ArgumentException>(() => links.ChooseWeight([]));
    }

    private static CandidateRetrieval Retrieve(FunctionScorer? first = null) =>
        CandidateRetrieval.Run(first ?? First, Test, Kept, Known, QueryMask.None, default);

    private static RerankedLinks Rerank(Func<Triple, Triple, double> second, FunctionScorer? first = null)
    {
        CandidateRetrieval found = Retrieve(first);
        RerankedQuestion[] Side(RetrievedCandidates[] candidates, Func<Triple, int, Triple> complete, Func<TripleRanks, EntityRank> rank) =>
        [
            .. candidates.Select((retrieved, i) => new RerankedQuestion(
                retrieved, Array.ConvertAll(retrieved.Entities, entity => second(complete(Test[i], entity), Test[i])),
                rank(found.Ranks[i]))),
        ];
        return new RerankedLinks(
            Graph, Test, Side(found.Heads, (triple, entity) => triple with { Head = entity }, rank => rank.Head),
            Side(found.Tails, (triple, entity) => triple with { Tail = entity }, rank => rank.Tail), Kept);
    }

    private static KnowledgeGraph NewGraph()
    {
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, Entities).Select(entity => $"e{entity}"), Enumerable.Range(0, 3).Select(relation => $"r{relation}"));
        for (int i = 0; i < 60; i++)
        {
            builder.Add($"e{i * 5 % Entities}", $"r{i % 3}", $"e{((i * 13) + 1) % Entities}");
        }

        return builder.Build();
    }

    private static int Draw(Triple triple, ulong stream) => (int)(new CounterRandom(
        ((ulong)triple.Head * 1_000_003) + ((ulong)triple.Relation * 10_007) + (ulong)triple.Tail + (stream << 40)).NextUInt64() >> 40);
}
