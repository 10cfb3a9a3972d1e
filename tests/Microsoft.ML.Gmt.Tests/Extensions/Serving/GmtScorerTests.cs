using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Extensions;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Extensions;

[TestClass]
public sealed class GmtScorerTests
{
    // Other batches round otherwise.
    private const double Tolerance = 1e-4;

    private static readonly NamedFact Question = new("Lena", "lives in", "Łódź");

    [TestMethod]
    public async Task Verdicts_are_those_of_the_model_and_unknown_names_are_part_of_the_answer()
    {
        await using ServiceProvider services = OfModel(EarlierModel.Facts, options => options.MaximumBatchSize = 2);
        var scorer = services.GetRequiredService<IGmtScorer>();
        using GmtTransformer model = Load<GmtTransformer>(EarlierModel.Facts);
        Triple[] triples = [.. model.Graph.Triples(GraphSplit.Test)[..5]];
        IReadOnlyList<Verdict> expected = model.GetJudge().Judge(triples);
        NamedFact[] facts = [.. triples.Select(triple => Names(model.Graph, triple))];
        IReadOnlyList<FactVerdict> verdicts =
            await scorer.JudgeAsync([.. facts[..3], new NamedFact("Lenna", "lives in", "nowhere at all"), .. facts[3..]]);
        Assert.HasCount(6, verdicts);
        FactVerdict unknown = verdicts[3];
        for (int i = 0; i < 5; i++)
        {
            FactVerdict verdict = verdicts[i < 3 ? i : i + 1];
            Assert.IsTrue(verdict.IsKnown);
            Assert.AreEqual(expected[i].Probability, verdict.Probability!.Value, Tolerance);
            Assert.AreEqual(expected[i].IsTrue, verdict.IsTrue);
            Assert.AreEqual(model.Graph.EntityText(triples[i].Head), verdict.Fact.Head, "in labels");
        }

        Assert.IsFalse(unknown.IsKnown);
        Assert.AreEqual((null, null), (unknown.IsTrue, unknown.Probability));
        CollectionAssert.AreEqual(new[] { "head", "tail" }, unknown.Problems.Select(problem => problem.Part).ToArray());
        CollectionAssert.Contains(unknown.Problems[0].Suggestions.ToArray(), "Lena");
        StringAssert.Contains(unknown.Problems[0].Message, "the graph has no entity 'Lenna'");
    }

    [TestMethod]
    public async Task A_model_that_reads_features_gets_them_from_the_transformers_before_it()
    {
        using var folder = new TemporaryFolder();
        string archive = folder["features.zip"];
        var ml = new MLContext(seed: 1);
        IDataView data = GmtPipelines.Data;
        using (var chain = ml.Transforms.FeaturizeTriples("Features", Pipelines.Graph)
            .Append(ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options))
            .Append(ml.Transforms.GmtFinetune(
                GmtPipelines.BaseModel, GmtPipelines.Quick with { FeatureColumnName = "Features" })).Fit(data))
        {
            ml.Model.SaveAtomically(chain, data.Schema, archive);
            await using ServiceProvider services = OfModel(archive);
            var fact = new NamedFact("person 1", "speaks", "language of Italy");
            FactExplanation why = await services.GetRequiredService<IGmtScorer>().ExplainAsync(fact, 3);
            float expected = chain.Transform(ml.Data.LoadFromEnumerable(
                [new TripleRow { Head = fact.Head, Relation = fact.Relation, Tail = fact.Tail }])).GetColumn<float>("Probability").Single();
            Assert.AreEqual(expected, why.Verdict.Probability!.Value, 1e-4);
            Assert.Contains(FactEvidenceKind.Edge, why.Evidence.Select(evidence => evidence.Kind));
            FactEvidence feature = why.Evidence.First(evidence => evidence.Kind == FactEvidenceKind.Feature);
            Assert.IsTrue(double.IsFinite(feature.Weight));
            Assert.IsEmpty(feature.Facts);
        }
    }

    [TestMethod]
    public async Task Ranks_are_those_of_verdicts_among_the_best_by_score()
    {
        await using ServiceProvider services = OfModel(EarlierModel.Facts, options => options.RankCandidates = 8);
        var scorer = services.GetRequiredService<IGmtScorer>();
        using GmtTransformer model = Load<GmtTransformer>(EarlierModel.Facts);
        KnowledgeGraph graph = model.Graph;
        int lena = graph.FindEntity("Lena").Id, speaks = graph.FindRelation("speaks").Id;
        Triple[] candidates = [.. EntityRetrieval.Tails(model.GetScorer(), lena, speaks, 8).Select(found => found.Triple)];
        IReadOnlyList<Verdict> verdicts = model.GetJudge().Judge(candidates);
        string[] expected = [.. candidates.Zip(verdicts).OrderByDescending(pair => pair.Second.Score).Take(5)
            .Select(pair => graph.Entities[pair.First.Tail])];
        LinkRanking ranking = await scorer.RankAsync(new LinkQuestion("Lena", "speaks", null) { Count = 5 });
        CollectionAssert.AreEqual(expected, ranking.Answers.Select(answer => answer.Name).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4, 5 }, ranking.Answers.Select(answer => answer.Rank).ToArray());
        Assert.IsTrue(ranking.Answers.All(answer => answer.Probability is >= 0 and <= 1));

        LinkRanking heads = await scorer.RankAsync(new LinkQuestion(null, "lives in", "Łódź") { OnlyNew = true, OnlyTyped = true });
        Assert.IsNotEmpty(heads.Answers);
        Assert.IsFalse(heads.Answers.Any(answer => answer.IsStated));
        LinkQuestion[] noQuestions = [new("Lena", "speaks", "Łódź"), new(null, "speaks", null), new("Lena", "?", null)];
        foreach (LinkQuestion wrong in noQuestions)
        {
            LinkRanking none = await scorer.RankAsync(wrong);
            Assert.IsFalse(none.IsKnown, $"{wrong}");
            Assert.IsEmpty(none.Answers);
        }

        await Assert.ThrowsExactlyAsync<ArgumentOutOfRangeException>(
            () => scorer.RankAsync(new LinkQuestion("Lena", "speaks", null) { Count = 0 }));
    }

    [TestMethod]
    public async Task A_graph_alone_answers_by_paths_and_says_that_no_label_calibrated_it()
    {
        await using ServiceProvider services =
            TestApplication.Build(services => services.AddGmt("people", options => options.GraphPath = EarlierModel.GraphFolder));
        FactExplanation why = await services.GetRequiredKeyedService<IGmtScorer>("people").ExplainAsync(Question, 2);
        StringAssert.Contains(why.Verdict.Calibration, "not calibrated on labels");
        Assert.IsLessThanOrEqualTo(2, why.Evidence.Count);
        Assert.IsTrue(why.Evidence.All(evidence => evidence is { Kind: FactEvidenceKind.Path, Facts.Count: > 0 }));
        Assert.IsNull(services.GetService<IGmtScorer>(), "it has a name");
    }

    [TestMethod]
    public async Task A_model_without_verdicts_ranks_and_says_what_has_some()
    {
        await using ServiceProvider services = OfModel(EarlierModel.PathOf("sgm.zip"));
        var scorer = services.GetRequiredService<IGmtScorer>();
        LinkRanking ranking = await scorer.RankAsync(new LinkQuestion("Ada", "knows", null) { Count = 3 });
        Assert.HasCount(3, ranking.Answers);
        Assert.IsTrue(ranking.Answers.All(answer => answer.Probability is null));
        NotSupportedException refusal = await Assert.ThrowsExactlyAsync<NotSupportedException>(() => scorer.JudgeAsync(Question));
        StringAssert.Contains(refusal.Message, "SgmTransformer, which ranks and has no verdicts");
    }

    [TestMethod]
    public async Task What_is_no_model_of_the_library_is_refused_when_it_is_loaded()
    {
        await using ServiceProvider services = OfModel(EarlierModel.PathOf("sentences.zip"));
        NotSupportedException refusal = await Assert.ThrowsExactlyAsync<NotSupportedException>(
            () => services.GetRequiredService<IGmtScorer>().LoadAsync());
        StringAssert.Contains(refusal.Message, "holds no model of this library; its transformers are SentenceEmbeddingTransformer");
    }

    [TestMethod]
    public async Task A_cancelled_call_ends_and_the_next_one_is_answered()
    {
        using var cancellation = new CancellationTokenSource();
        await using ServiceProvider services = OfModel(EarlierModel.Facts, options =>
        {
            (options.MaximumConcurrentCalls, options.MaximumBatchSize) = (1, 1);
            options.OnLoaded = (_, _) => cancellation.Cancel();
        });
        var scorer = services.GetRequiredService<IGmtScorer>();
        NamedFact[] many = [.. Enumerable.Repeat(Question, 1000)];
        await Assert.ThrowsAsync<OperationCanceledException>(() => scorer.JudgeAsync(many, cancellation.Token), "under way");
        await Assert.ThrowsAsync<OperationCanceledException>(() => scorer.RankAsync(new("Lena", "speaks", null), cancellation.Token));
        Assert.IsTrue((await scorer.JudgeAsync(Question)).IsKnown, "its place is free again");
    }

    [TestMethod]
    public async Task Cancelling_ends_the_waiting_for_a_model_which_is_loaded_once_for_the_others()
    {
        using var goesOn = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        int loads = 0;
        await using ServiceProvider services = OfModel(EarlierModel.Facts, options => options.OnLoaded = (_, _) =>
        {
            Interlocked.Increment(ref loads);
            goesOn.Wait();
        });
        var scorer = services.GetRequiredService<IGmtScorer>();
        try
        {
            Task impatient = scorer.LoadAsync(cancellation.Token);
            await TestApplication.Until(() => Task.FromResult(Volatile.Read(ref loads) == 1), "the loading has begun");
            Task<FactVerdict> patient = scorer.JudgeAsync(Question);
            await cancellation.CancelAsync();
            await Assert.ThrowsAsync<OperationCanceledException>(() => impatient.WaitAsync(TimeSpan.FromSeconds(20)));
            Assert.IsFalse(patient.IsCompleted);
            goesOn.Set();
            Assert.IsTrue((await patient).IsKnown);
            Assert.AreEqual(1, loads);
        }
        finally
        {
            goesOn.Set();
        }
    }

    [TestMethod]
    public async Task A_name_that_is_null_is_unknown_and_a_fact_that_is_null_is_refused_by_its_place()
    {
        await using ServiceProvider services = OfModel(EarlierModel.Facts);
        var scorer = services.GetRequiredService<IGmtScorer>();
        FactVerdict verdict = await scorer.JudgeAsync(new NamedFact("Lena", null!, null!));
        CollectionAssert.AreEqual(
            new[] { ("relation", ""), ("tail", "") }, verdict.Problems.Select(problem => (problem.Part, problem.Written)).ToArray());
        LinkRanking ranking = await scorer.RankAsync(new LinkQuestion("Lena", null!, null));
        Assert.AreEqual("relation", ranking.Problems.Single().Part);
        ArgumentException refusal = await Assert.ThrowsExactlyAsync<ArgumentException>(() => scorer.JudgeAsync([Question, null!]));
        StringAssert.Contains(refusal.Message, "facts[1] is null");
    }

    private static ServiceProvider OfModel(string archive, Action<GmtOptions>? configure = null) =>
        TestApplication.Build(services => services.AddGmt(options =>
        {
            options.ModelPath = archive;
            configure?.Invoke(options);
        }));

    private static T Load<T>(string archive) =>
        ((IEnumerable<ITransformer>)new MLContext().Model.Load(archive, out _)).OfType<T>().Single();

    private static NamedFact Names(KnowledgeGraph graph, Triple triple) =>
        new(graph.Entities[triple.Head], graph.Relations[triple.Relation], graph.Entities[triple.Tail]);
}
