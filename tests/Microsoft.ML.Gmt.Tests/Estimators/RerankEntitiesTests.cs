using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Ranking;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Links in two steps: any model retrieves, a language model that was taught to name missing ends scores again.</summary>
[TestClass]
public sealed class RerankEntitiesTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static SgmTransformer s_stage1 = null!;
    private static GmtTransformer s_model = null!;

    private static KnowledgeGraph Graph => Pipelines.Graph;

    private static IDataView Test => Graph.ToDataView(GraphSplit.Test);

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        s_stage1 = Pipelines.Fit();
        s_model = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Options with
        {
            Instructions = new InstructionColumnNames(),
            Text = new GmtTextOptions { Template = PromptTemplate.Named("alpaca_short"), AddEndOfSequence = true },
        }).Fit(s_stage1.Transform(Graph.ToLinkQuestions()));
    }

    [ClassCleanup]
    public static void CleanUp()
    {
        s_model.Dispose();
        s_stage1.Dispose();
    }

    [TestMethod]
    public void Names_that_were_taught_are_likelier_than_chance()
    {
        var blind = new FunctionScorer(Graph, _ => 0);
        RerankedLinks links = s_model.RerankEntities(
            Graph.ToDataView(GraphSplit.Train), blind, new RerankingOptions { NumberOfCandidates = Graph.Entities.Count });
        Assert.AreEqual(0, links.Misses);
        Assert.IsGreaterThan(
            2 * links.Metrics(0).MeanReciprocalRank, links.Metrics(double.PositiveInfinity).MeanReciprocalRank);
        Assert.IsGreaterThan(0, links.ChooseWeight());
    }

    [TestMethod]
    public void Scores_do_not_depend_on_the_batch_and_are_those_of_the_names()
    {
        RerankedLinks alone = Rerank(new RerankingOptions { NumberOfCandidates = 5, BatchSize = 1 });
        RerankedLinks together = Rerank(new RerankingOptions { NumberOfCandidates = 5, BatchSize = 7 });
        CollectionAssert.AreEqual(alone.Ranks(1).ToArray(), together.Ranks(1).ToArray());
        CollectionAssert.AreEqual(
            EntityRanking.Rank(
                s_stage1.Scorer, [.. Graph.Triples(GraphSplit.Test)], new KnownTriples(Graph), QueryMask.Full).ToArray(),
            alone.Ranks(0).ToArray());
    }

    [TestMethod]
    public void Verdicts_order_candidates_as_the_judge_scores_them()
    {
        RerankedLinks links = Rerank(new RerankingOptions { NumberOfCandidates = 4, Score = RerankingScore.Verdict, BatchSize = 3 });
        Triple[] triples = [.. Graph.Triples(GraphSplit.Test)];
        CandidateRetrieval found = CandidateRetrieval.Run(
            s_stage1.Scorer, triples, 4, new KnownTriples(Graph), QueryMask.Full, default);
        IReadOnlyList<TripleRanks> ranks = links.Ranks(double.PositiveInfinity);
        for (int i = 0; i < triples.Length; i++)
        {
            if (found.Tails[i].AnswerPlace >= 0)
            {
                double[] verdicts =
                [
                    .. s_model.GetJudge().Judge([.. found.Tails[i].Entities.Select(entity => triples[i] with { Tail = entity })])
                        .Select(verdict => verdict.Score),
                ];
                double own = verdicts[found.Tails[i].AnswerPlace];
                Assert.AreEqual(verdicts.Count(verdict => verdict > own + 1e-5), ranks[i].Tail.Higher);
            }
        }
    }

    [TestMethod]
    public void A_retriever_of_another_graph_and_options_out_of_range_are_refused()
    {
        KnowledgeGraph other = new KnowledgeGraphBuilder(["a", "b"], ["r"]).Build();
        Assert.ThrowsExactly<ArgumentException>(() => s_model.RerankEntities(Test, new FunctionScorer(other, _ => 0)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Rerank(new RerankingOptions { NumberOfCandidates = 0 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Rerank(new RerankingOptions { Score = (RerankingScore)7 }));
    }

    [TestMethod]
    public void A_model_that_reads_features_names_nothing_but_judges_candidates_with_them()
    {
        using KgeTransformer retriever = Ml.Transforms.EmbedKnowledgeGraph(Graph, KgeModel.ComplEx, embeddingDimension: 8)
            .Fit(Graph.ToDataView());
        using FeaturizeTriplesTransformer features = Ml.Transforms.FeaturizeTriples("Features", Graph).Fit(Graph.ToDataView());
        IDataView rows = s_stage1.Transform(features.Transform(GmtPipelines.Data));
        using GmtTransformer model = Ml.Transforms.GmtFinetune(
            GmtPipelines.BaseModel, GmtPipelines.Quick with { FeatureColumnName = "Features" }).Fit(rows);
        string message = Assert.ThrowsExactly<NotSupportedException>(() => model.RerankEntities(Test, retriever.Scorer)).Message;
        StringAssert.Contains(message, "Verdict");
        RerankedLinks links = model.RerankEntities(
            Test, retriever.Scorer, new RerankingOptions { NumberOfCandidates = 3, Score = RerankingScore.Verdict }, [features]);
        Assert.IsTrue(double.IsFinite(links.Metrics(1).MeanReciprocalRank));
    }

    [TestMethod]
    public void Questions_are_no_triples_for_stage_1()
    {
        IDataView questions = Graph.ToLinkQuestions();
        Assert.AreEqual(2 * Graph.Triples(GraphSplit.Train).Length, questions.Preview(int.MaxValue).RowView.Length);
        Assert.ThrowsExactly<NothingToTrainOnException>(
            () => Ml.Transforms.SgmPretrain(Graph, Pipelines.Options).Fit(questions));
    }

    private static RerankedLinks Rerank(RerankingOptions options) => s_model.RerankEntities(Test, s_stage1.Scorer, options);
}
