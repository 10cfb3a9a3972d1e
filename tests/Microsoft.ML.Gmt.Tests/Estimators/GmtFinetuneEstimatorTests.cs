using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class GmtFinetuneEstimatorTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void Missing_and_mistyped_columns_are_refused_before_any_work()
    {
        using SgmTransformer stage1 = Pipelines.Fit();
        IDataView evidence = stage1.Transform(GmtPipelines.Data);
        IDataView Without(string column) => Ml.Transforms.DropColumns(column).Fit(evidence).Transform(evidence);
        IDataView Instead(string column, string other) => Ml.Transforms.CopyColumns(column, other).Fit(evidence).Transform(evidence);
        (IDataView Data, string Message)[] cases =
        [
            (GmtPipelines.Data, "Could not find evidence column 'Evidence'"),
            (Without("Label"), "Could not find label column 'Label'"),
            (Without("Relation"), "Could not find relation column 'Relation'"),
            (Instead("Evidence", "Head"), "Schema mismatch for evidence column 'Evidence': expected GraphEvidence, got"),
            (Instead("Label", "Score"), "Schema mismatch for label column 'Label': expected Boolean, got Single"),
        ];
        GmtFinetuneEstimator estimator = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Quick);
        foreach ((IDataView data, string message) in cases)
        {
            StringAssert.StartsWith(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message, message);
        }

        string folder = Assert.ThrowsExactly<DirectoryNotFoundException>(
            () => Ml.Transforms.GmtFinetune("no such folder", GmtPipelines.Quick)).Message;
        StringAssert.Contains(folder, "no such folder");
    }

    [TestMethod]
    public void The_schema_that_is_promised_is_the_schema_that_comes()
    {
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(GmtPipelines.Quick);
        SchemaShape promised = GmtPipelines.Estimator(GmtPipelines.Quick).GetOutputSchema(MlNetInternals.Shape(GmtPipelines.Data.Schema));
        foreach (SchemaShape.Column column in promised)
        {
            Assert.AreEqual(chain.GetOutputSchema(GmtPipelines.Data.Schema)[column.Name].Type.RawType, column.ItemType.RawType == typeof(float)
                && column.Kind == SchemaShape.Column.VectorKind.Vector ? typeof(VBuffer<float>) : column.ItemType.RawType, column.Name);
        }
    }

    [TestMethod]
    public void One_seed_gives_one_model_and_a_validation_set_chooses_the_epoch()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using SgmTransformer stage1 = Pipelines.Fit();
        IDataView train = stage1.Transform(GmtPipelines.Data), test = stage1.Transform(Pipelines.Graph.ToLabeledDataView(GraphSplit.Test));
        GmtFinetuneEstimator estimator = Ml.Transforms.GmtFinetune(
            GmtPipelines.BaseModel, GmtPipelines.Quick with { Training = GmtPipelines.Quick.Training with { NumberOfEpochs = 3 } });
        using GmtTransformer first = estimator.Fit(train, test), second = estimator.Fit(train, test);
        CollectionAssert.AreEqual(
            first.Transform(test).GetColumn<float>("Score").ToArray(), second.Transform(test).GetColumn<float>("Score").ToArray());
        Assert.HasCount(3, first.History.Steps.Where(step => step.Metric is not null).ToArray());
    }

    [TestMethod]
    public void A_training_goes_on_from_a_model_that_stays_as_it_was()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using SgmTransformer stage1 = Pipelines.Fit();
        IDataView data = stage1.Transform(GmtPipelines.Data);
        using GmtTransformer first = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Options).Fit(data);
        float[] before = [.. first.Transform(data).GetColumn<float>("Score")];
        GmtFinetuneEstimator.Options small = GmtPipelines.Quick with
        {
            Training = GmtPipelines.Quick.Training with { LearningRate = 1e-5 },
            Text = new GmtTextOptions { MaxNewTokens = GmtPipelines.Quick.Text.MaxNewTokens },
        };
        using GmtTransformer next = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, small).Fit(data, null, first);
        float[] after = [.. next.Transform(data).GetColumn<float>("Score")];
        CollectionAssert.AreEqual(before, first.Transform(data).GetColumn<float>("Score").ToArray());
        CollectionAssert.AreNotEqual(before, after);
        Assert.IsLessThan(0.2, before.Zip(after, (a, b) => Math.Abs(a - b)).Max(), "it starts from the other's weights");
        Assert.AreEqual(first.Settings.Text, next.Settings.Text, "and asks in its words");
    }

    [TestMethod]
    public void A_cancelled_training_keeps_what_it_learned_and_says_so()
    {
        using var source = new CancellationTokenSource();
        var ml = new MLContext(seed: 1);
        List<string> log = [];
        ml.Log += (_, message) => log.Add(message.Message);
        using SgmTransformer stage1 = Pipelines.Fit();
        GmtFinetuneEstimator.Options options = GmtPipelines.Options with
        {
            CancellationToken = source.Token,
            Training = GmtPipelines.Options.Training with { Progress = new StopAt(4, source) },
        };
        using GmtTransformer model = ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options).Fit(stage1.Transform(GmtPipelines.Data));
        Assert.HasCount(4, model.History.Steps);
        Assert.IsTrue(log.Exists(line => line.Contains("cancelled after 4 steps", StringComparison.Ordinal)), string.Join('\n', log));
    }

    [TestMethod]
    public void Both_stages_can_be_cross_validated()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        var results = Ml.BinaryClassification.CrossValidateNonCalibrated(
            GmtPipelines.Data, GmtPipelines.Estimator(GmtPipelines.Quick), numberOfFolds: 2);
        Assert.HasCount(2, results);
        List<string> judged = [];
        foreach (var fold in results)
        {
            float[] scores = [.. fold.ScoredHoldOutSet.GetColumn<float>("Score")];
            bool[] labels = [.. fold.ScoredHoldOutSet.GetColumn<bool>("Label")];
            Assert.AreEqual(PairsInOrder(scores, labels), fold.Metrics.AreaUnderRocCurve, 1e-6);
            judged.AddRange(Triples(fold.ScoredHoldOutSet));

            // The scores are those that the fold's own model gives to the rows which it did not see.
            CollectionAssert.AreEqual(scores, fold.Model.Transform(fold.ScoredHoldOutSet).GetColumn<float>("Score").ToArray());
            (fold.Model as IDisposable)?.Dispose();
        }

        CollectionAssert.AreEquivalent(Triples(GmtPipelines.Data), judged, "Each row is held out once.");

        static string[] Triples(IDataView data) =>
            [.. data.GetColumn<string>("Head").Zip(data.GetColumn<string>("Relation"), data.GetColumn<string>("Tail")).Select(row => $"{row}")];
    }

    /// <summary>The share of pairs of a true and a false row in which the true one has the higher score, ties counted half.</summary>
    private static double PairsInOrder(float[] scores, bool[] labels) =>
        scores.Where((_, i) => labels[i]).SelectMany(right => scores.Where((_, i) => !labels[i])
            .Select(wrong => right > wrong ? 1.0 : right == wrong ? 0.5 : 0)).Average();

    [TestMethod]
    public void Rows_with_evidence_of_several_modules_or_masks_are_refused()
    {
        using SgmTransformer stage1 = Pipelines.Fit(), other = Pipelines.Fit();
        GmtFinetuneEstimator estimator = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Quick);
        string Refused(params SgmTransformer[] modules)
        {
            GraphEvidence[] evidence =
                [.. modules.SelectMany(module => module.Transform(GmtPipelines.Data).GetColumn<GraphEvidence>("Evidence").Take(2))];
            IDataView rows = Ml.Data.LoadFromEnumerable(
                evidence.Select((value, row) => new EvidenceRow { Evidence = value, Label = row % 2 == 0 }));
            return Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(rows)).Message;
        }

        StringAssert.StartsWith(
            Refused(stage1, other), "Row 2 of column 'Evidence' has evidence of another graph module than the first row.");
        using var unmasked = new SgmTransformer(
            Environment(Ml), stage1.Model, stage1.Settings with { MaskQuery = false, MaskQueryInContexts = false }, stage1.History);
        StringAssert.StartsWith(Refused(stage1, unmasked), "Row 2 of column 'Evidence' has evidence of another mask than the first row.");
        IDataView train = stage1.Transform(GmtPipelines.Data);
        IDataView validation = other.Transform(GmtPipelines.Data);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<InvalidOperationException>(() => estimator.Fit(train, validation)).Message,
            "Row 0 of column 'Evidence' has evidence of another graph module than the training data.");
    }

    [TestMethod]
    public void Questions_with_words_of_their_own_take_the_place_of_prompt_and_label()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using SgmTransformer stage1 = Pipelines.Fit();
        TriplePrompt prompt = GmtPipelines.Options.Text.Prompt;
        InstructionExample[] examples = [.. TripleExamples.OfSplit(Pipelines.Graph, GraphSplit.Validation, prompt)];
        IDataView own = InstructionRows.Of(Ml, examples, Pipelines.Graph);
        GmtFinetuneEstimator.Options options = GmtPipelines.Quick with { Instructions = new InstructionColumnNames() };

        // The same words, given row by row or by the prompt, train the same model and get the same verdicts.
        using GmtTransformer byPrompt = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Quick)
            .Fit(stage1.Transform(GmtPipelines.Data));
        using GmtTransformer byRow = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options).Fit(stage1.Transform(own));
        CollectionAssert.AreEqual(Scores(byPrompt, GmtPipelines.Data), Scores(byRow, own));
        using var folder = new TemporaryFolder();
        Ml.Model.Save(byRow, own.Schema, folder["own.zip"]);
        using (var loaded = (GmtTransformer)Ml.Model.Load(folder["own.zip"], out _))
        {
            CollectionAssert.AreEqual(Scores(byRow, own), Scores(loaded, own));
            IDataView other = InstructionRows.Of(
                Ml, examples.Select(example => example with { Instruction = "False or true?" }), Pipelines.Graph);
            CollectionAssert.AreNotEqual(Scores(byRow, own), Scores(loaded, other), "the words of the row count");
        }

        string message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options).Fit(stage1.Transform(GmtPipelines.Data))).Message;
        StringAssert.StartsWith(message, "Could not find instruction column 'Instruction'");
    }

    [TestMethod]
    public void A_tokenizer_of_another_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        using SgmTransformer stage1 = Pipelines.Fit();
        GmtFinetuneEstimator estimator = Ml.Transforms.GmtFinetune(MismatchedModel.Write(folder["model"]), GmtPipelines.Quick);
        string message = Assert.ThrowsExactly<GmtFileException>(() => estimator.Fit(stage1.Transform(GmtPipelines.Data))).Message;
        StringAssert.Contains(message, MismatchedModel.Message);
    }

    private static float[] Scores(GmtTransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];

    private static IHostEnvironment Environment(MLContext ml) => MlNetInternals.Environment(ml.Transforms);

    private sealed class EvidenceRow
    {
        public string Head { get; set; } = "person 1";

        public string Relation { get; set; } = "speaks";

        public string Tail { get; set; } = "language of Italy";

        public bool Label { get; set; }

        [GraphEvidenceType]
        public GraphEvidence? Evidence { get; set; }
    }

    private sealed class StopAt(int step, CancellationTokenSource source) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Step == step)
            {
                source.Cancel();
            }
        }
    }
}
