using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Tests.Llm;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Verdicts that path models had a part in are explained by the paths.</summary>
[TestClass]
public sealed class FeatureExplainerTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static readonly KnowledgeGraph Graph = Pipelines.Graph;
    private static TransformerChain<GmtTransformer> s_chain = null!;

    private static GmtTransformer Model => s_chain.LastTransformer;

    private static PathSource Paths => s_chain.OfType<FeaturizeTriplesTransformer>().Single().Paths!;

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        s_chain = Estimator(Options).Fit(Graph.ToLabeledDataView(GraphSplit.Validation));
    }

    [ClassCleanup]
    public static void CleanUp() => s_chain.Dispose();

    [TestMethod]
    public void An_explanation_names_the_paths_of_facts_from_head_to_tail()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        InstructionExample[] questions = Questions();
        IReadOnlyList<FeatureReasons> reasons = new FeatureExplainer(Model.Settings, Paths).Explain(Judge(), questions, batchSize: 4);
        HashSet<Triple> facts = [.. Graph.Triples(GraphSplit.Train)];
        for (int i = 0; i < questions.Length; i++)
        {
            PathReason reason = reasons[i].Paths.Single();
            Assert.AreEqual("Own", reason.Name);
            Assert.IsLessThanOrEqualTo(2, reason.Paths.Count);
            foreach (ExplainedPath path in reason.Paths)
            {
                int at = questions[i].Triple.Head;
                foreach (ExplainedStep step in path.Steps)
                {
                    Assert.Contains(step.Fact, facts);
                    Assert.AreEqual(at, step.IsForward ? step.Fact.Head : step.Fact.Tail);
                    at = step.IsForward ? step.Fact.Tail : step.Fact.Head;
                }

                Assert.AreEqual(questions[i].Triple.Tail, at);
            }
        }

        Assert.IsTrue(reasons.Any(reason => reason.Paths[0].Paths.Count > 0));
    }

    [TestMethod]
    public void The_effect_of_a_path_model_is_that_of_all_its_slots()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        InstructionExample question = Questions()[0];
        double effect = new FeatureExplainer(Model.Settings, Paths).Explain(Judge(), [question], batchSize: 4)[0].Paths.Single().Effect;
        FeatureScaling scaling = Model.Settings.Features!.Scaling;
        float[] without =
        [
            .. question.Features!.Select((value, slot) =>
                scaling.Names[slot].StartsWith("Own.", StringComparison.Ordinal) ? scaling.MeanOf(slot) : value),
        ];
        IReadOnlyList<Verdict> verdicts = Judge().Judge([question, question with { Features = without }]);
        Assert.AreEqual(verdicts[0].Score - verdicts[1].Score, effect, 1e-3);
        Assert.AreNotEqual(0, effect);
    }

    [TestMethod]
    public void The_column_is_the_same_after_a_cache_a_join_of_columns_and_in_another_process()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        IDataView rows = Graph.ToLabeledDataView(GraphSplit.Test);
        string[] expected = Explanations(s_chain.Transform(rows));
        Assert.IsTrue(expected.All(text => text.Contains("; Own (", StringComparison.Ordinal)));
        Assert.IsTrue(expected.Any(text => text.Contains(") by (person ", StringComparison.Ordinal)), expected[0]);

        using var folder = new TemporaryFolder();
        Ml.Model.SaveAtomically(s_chain, rows.Schema, folder["model.zip"]);
        using var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(folder["model.zip"], out _);
        CollectionAssert.AreEqual(expected, Explanations(loaded.Transform(rows)));

        IDataView features = loaded.First().Transform(rows);
        IDataView joined = Ml.Transforms.CopyColumns("Copy", "Features").Append(Ml.Transforms.Concatenate("Features", "Copy"))
            .AppendCacheCheckpoint(Ml).Fit(features).Transform(features);
        TransformerChain<ITransformer> rest = loaded.Skip(1).Aggregate(
            new TransformerChain<ITransformer>(), (chain, transformer) => chain.Append(transformer, TransformerScope.Everything));
        CollectionAssert.AreEqual(expected, Explanations(rest.Transform(joined)));
    }

    [TestMethod]
    public void Paths_are_named_where_they_are_wanted()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using TransformerChain<GmtTransformer> silent = Estimator(Options with
        {
            FeatureMemory = Options.FeatureMemory with { ExplanationPaths = 0 },
            Training = Options.Training with { NumberOfEpochs = 0 },
        }).Fit(Graph.ToLabeledDataView(GraphSplit.Validation));
        Assert.IsFalse(Explanations(silent.Transform(Graph.ToLabeledDataView(GraphSplit.Test)))
            .Any(text => text.Contains("Own (", StringComparison.Ordinal)));
    }

    private static GmtFinetuneEstimator.Options Options { get; } = GmtPipelines.Options with
    {
        FeatureColumnName = "Features",
        FeatureMemory = new FeatureMemoryOptions { HiddenWidth = 16, ExplanationFeatures = 1 },
        Training = GmtPipelines.Options.Training with { NumberOfEpochs = 4 },
    };

    private static EstimatorChain<GmtTransformer> Estimator(GmtFinetuneEstimator.Options options) =>
        Ml.Transforms.FeaturizeTriples("Features", Graph, new FeaturizeTriplesEstimator.Options
        {
            EdgeMemory = false,
            Scorers = [FeatureScorer.Of("Own", Ml.Transforms.ApplyPathModel(Graph))],
        })
        .Append(Ml.Transforms.SgmPretrain(Graph, Pipelines.Options with
        {
            Training = Pipelines.Options.Training with { NumberOfEpochs = 0 },
        }))
        .Append(Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options));

    private static TripleJudge Judge() => Model.GetJudge();

    private static InstructionExample[] Questions()
    {
        Triple[] triples = [.. Graph.Triples(GraphSplit.Test)];
        ITransformer[] before = [.. s_chain.TakeWhile(transformer => transformer != Model)];
        return Judge().With(new ChainFeatures(before, Model.Settings, Graph).Of).Ask(triples);
    }

    private static string[] Explanations(IDataView view) => [.. view.GetColumn<string>("Explanation")];
}
