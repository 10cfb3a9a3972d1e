using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Cli;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Stage 2 with a column of numbers as memory.</summary>
[TestClass]
public sealed class FeatureColumnTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static SgmTransformer s_stage1 = null!;
    private static GmtTransformer s_model = null!;

    private static GmtFinetuneEstimator.Options Options { get; } = GmtPipelines.Options with
    {
        FeatureColumnName = "Features",
        FeatureMemory = new FeatureMemoryOptions { HiddenWidth = 16, ExplanationFeatures = 2 },
        Training = GmtPipelines.Options.Training with { NumberOfEpochs = 12 },
    };

    private static GmtFinetuneEstimator.Options Untrained { get; } = Options with
    {
        Training = Options.Training with { NumberOfEpochs = 0 },
    };

    private static GmtFinetuneEstimator.Options Quick { get; } = Options with
    {
        Training = Options.Training with { NumberOfEpochs = 1 },
    };

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        s_stage1 = Pipelines.Fit();
        s_model = Fit(Options, FeatureRows.View(FeatureRows.Of(GraphSplit.Train, seed: 1)));
    }

    [ClassCleanup]
    public static void CleanUp()
    {
        s_model.Dispose();
        s_stage1.Dispose();
    }

    [TestMethod]
    public void Numbers_that_alone_tell_true_from_false_are_learned_from()
    {
        IDataView later = FeatureRows.View(
            [.. FeatureRows.Of(GraphSplit.Test, seed: 2), .. FeatureRows.Of(GraphSplit.Validation, seed: 3)]);
        Assert.IsGreaterThan(0.95, Ml.BinaryClassification.Evaluate(s_model.Transform(later)).AreaUnderRocCurve);
        FeatureScaling scaling = s_model.Settings.Features!.Scaling;
        CollectionAssert.AreEqual(new[] { "Noise", "Sales", "Age" }, scaling.Names.ToArray());
        CollectionAssert.AreEqual(new[] { 2 }, scaling.WithMissing.ToArray());
    }

    [TestMethod]
    public void An_explanation_names_the_feature_that_moved_the_verdict_and_the_edges_read()
    {
        FeatureRow[] rows = FeatureRows.Of(GraphSplit.Test, seed: 2);
        JudgedRow[] judged = Judge(s_model, FeatureRows.View(rows));
        for (int row = 0; row < rows.Length; row++)
        {
            string[] parts = judged[row].Explanation.Split("; ");
            Assert.HasCount(4, parts, judged[row].Explanation);
            StringAssert.StartsWith(parts[0], "Sales = ");
            Assert.AreEqual(judged[row].PredictedLabel, parts[0].Contains("(+", StringComparison.Ordinal), judged[row].Explanation);
            StringAssert.EndsWith(parts[3], "%");
        }
    }

    [TestMethod]
    public void The_effect_of_a_feature_is_the_difference_to_the_score_with_its_mean()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        FeatureRow row = FeatureRows.Of(GraphSplit.Test, seed: 2)[0];
        float mean = s_model.Settings.Features!.Scaling.MeanOf(1);
        double score = Judge(s_model, FeatureRows.View([row]))[0].Score;
        string explanation = Judge(s_model, FeatureRows.View([row]))[0].Explanation;
        row.Sales = mean;
        double without = Judge(s_model, FeatureRows.View([row]))[0].Score;
        string effect = explanation[(explanation.IndexOf('(') + 1)..explanation.IndexOf(')')];
        Assert.AreEqual(score - without, double.Parse(effect, System.Globalization.CultureInfo.InvariantCulture), 0.0051);
    }

    /// <summary>Layers below the memory are computed once for all variants, which rounds otherwise.</summary>
    [TestMethod]
    [DataRow("True", "False")]
    [DataRow("yes, it is", "yes, it is not")]
    public void Effects_are_those_of_whole_passes(string isTrue, string isFalse)
    {
        TriplePrompt prompt = s_model.Settings.Text.Prompt with { TrueAnswer = isTrue, FalseAnswer = isFalse };
        FinetunedModel.Bound bound = s_model.Model.Binding.Get();
        var judge = new TripleJudge(bound.Model, bound.Base.Tokenizer, prompt);
        FeatureScaling scaling = s_model.Settings.Features!.Scaling;
        float[] features = [3, 40, float.NaN];
        InstructionExample question = prompt.Ask(Pipelines.Graph, Pipelines.Graph.Triples(GraphSplit.Test)[0]) with { Features = features };
        foreach (FeatureReading reading in judge.ExplainFeatures([question], count: 3, groups: [], batchSize: 2)[0].Features)
        {
            int slot = scaling.Names.ToList().IndexOf(reading.Name);
            float[] other = [.. features];
            other[slot] = scaling.MeanOf(slot);
            double expected = judge.Judge([question])[0].Score - judge.Judge([question with { Features = other }])[0].Score;
            Assert.AreEqual(expected, reading.Effect, 1e-4, reading.Name);
        }
    }

    [TestMethod]
    public void A_saved_model_gives_the_same_answers_and_asks_for_the_same_column()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        IDataView rows = FeatureRows.View(FeatureRows.Of(GraphSplit.Test, seed: 2));
        Ml.Model.SaveAtomically(s_model, rows.Schema, folder["model.zip"]);
        using var loaded = (GmtTransformer)new MLContext().Model.Load(folder["model.zip"], out _);
        JudgedRow[] expected = Judge(s_model, rows), actual = Judge(loaded, rows);
        CollectionAssert.AreEqual(expected.Select(row => row.Score).ToArray(), actual.Select(row => row.Score).ToArray());
        CollectionAssert.AreEqual(expected.Select(row => row.Explanation).ToArray(), actual.Select(row => row.Explanation).ToArray());
        CollectionAssert.AreEqual(
            s_model.Settings.Features!.Scaling.Names.ToArray(), loaded.Settings.Features!.Scaling.Names.ToArray());

        ArchiveFile.Replace(folder["model.zip"], "TransformerChain/config.json", "\"Sales\",", "");
        Exception? error = Assert.Throws<Exception>(() => new MLContext().Model.Load(folder["model.zip"], out _));
        for (; error!.InnerException is not null; error = error.InnerException)
        {
        }

        StringAssert.Contains(error.Message, "2 names of features, 3 means");
    }

    [TestMethod]
    public void A_column_of_another_length_or_order_is_refused_with_both()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable(FeatureRows.Of(GraphSplit.Test, seed: 2));
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => s_model.Transform(Ml.Transforms.Concatenate("Features", "Noise", "Sales").Fit(rows).Transform(rows)));
        StringAssert.Contains(
            error.Message,
            "Schema mismatch for feature column 'Features': expected a vector of 3 Single, as the model was trained with, got one of 2");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(
                () => s_model.Transform(Ml.Transforms.Concatenate("Features", "Sales", "Noise", "Age").Fit(rows).Transform(rows))).Message,
            "expected slot 0 to be 'Noise', as the model was trained with, got 'Sales'");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => s_model.Transform(rows)).Message,
            "Could not find feature column 'Features'");
        GmtFinetuneEstimator wrong = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, featureColumnName: "Sales");
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => wrong.Fit(s_stage1.Transform(rows))).Message,
            "expected a vector of Single of known size, as ml.Transforms.Concatenate makes, got Scalar of Single");
        IDataView renamed = Ml.Transforms.CopyColumns("Gain", "Sales").Append(Ml.Transforms.Concatenate("Features", "Noise", "Gain", "Age"))
            .Fit(rows).Transform(rows);
        Assert.AreEqual(Judge(s_model, FeatureRows.Concatenated(rows))[0].Score, Judge(s_model, renamed)[0].Score);
    }

    [TestMethod]
    public void A_missing_number_is_read_and_an_infinite_one_refused_with_its_row_and_slot()
    {
        FeatureRow[] rows = FeatureRows.Of(GraphSplit.Test, seed: 2);
        (rows[1].Noise, rows[1].Sales, rows[1].Age) = (float.NaN, float.NaN, float.NaN);
        Assert.IsTrue(Array.TrueForAll(Judge(s_model, FeatureRows.View(rows)), row => float.IsFinite(row.Score)));
        rows[2].Sales = float.NegativeInfinity;
        Exception error = Assert.Throws<Exception>(() => Judge(s_model, FeatureRows.View(rows)));
        StringAssert.Contains($"{error}", "Row 2 of feature column 'Features' has -Infinity for 'Sales'");
        StringAssert.Contains(
            $"{Assert.Throws<Exception>(() => Fit(Untrained, FeatureRows.View(rows)))}",
            "Row 2 of feature column 'Features' has -Infinity for 'Sales'");
    }

    [TestMethod]
    public void A_prediction_engine_gives_what_a_view_gives()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        FeatureRow[] rows = FeatureRows.Of(GraphSplit.Test, seed: 2);
        JudgedRow[] expected = Judge(s_model, FeatureRows.View(rows));
        using PredictionEngine<NumberedRow, JudgedRow> engine = Ml.Model.CreatePredictionEngine<NumberedRow, JudgedRow>(
            s_model, new PredictionEngineOptions { OwnsTransformer = false });
        JudgedRow actual = engine.Predict(new NumberedRow
        {
            Head = rows[0].Head,
            Relation = rows[0].Relation,
            Tail = rows[0].Tail,
            Features = [rows[0].Noise, rows[0].Sales, rows[0].Age],
        });
        Assert.AreEqual(expected[0].Score, actual.Score, 1e-4);
        Assert.AreEqual(expected[0].Explanation, actual.Explanation);
    }

    [TestMethod]
    public void Training_goes_on_with_the_scale_that_was_measured_first()
    {
        IDataView other = FeatureRows.View(FeatureRows.Of(GraphSplit.Validation, seed: 5));
        IDataView evidence = s_stage1.Transform(other);
        using GmtTransformer further = Ml.Transforms.GmtFinetune(
            GmtPipelines.BaseModel, Untrained with { FeatureColumnName = null }).Fit(evidence, null, s_model);
        CollectionAssert.AreEqual(
            s_model.Settings.Features!.Scaling.Means.ToArray(), further.Settings.Features!.Scaling.Means.ToArray());
        Assert.AreEqual(Judge(s_model, other)[0].Score, Judge(further, other)[0].Score, 1e-5);

        using GmtTransformer plain = Fit(Untrained with { FeatureColumnName = null }, other);
        Assert.IsNull(plain.Settings.Features);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(
                () => Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, Untrained).Fit(evidence, null, plain)).Message,
            "The model to start from reads no features");
    }

    [TestMethod]
    public void Held_out_rows_do_not_count_in_the_scale()
    {
        FeatureRow[] rows = FeatureRows.Of(GraphSplit.Train, seed: 1);
        using GmtTransformer all = Fit(Untrained, FeatureRows.View(rows));
        using GmtTransformer most = Fit(Untrained with { HeldOutRows = 40 }, FeatureRows.View(rows));
        Assert.AreNotEqual(all.Settings.Features!.Scaling.Means[0], most.Settings.Features!.Scaling.Means[0]);
    }

    [TestMethod]
    public void A_run_with_other_numbers_is_not_the_run_that_was_interrupted()
    {
        using var folder = new TemporaryFolder();
        FeatureRow[] rows = FeatureRows.Of(GraphSplit.Validation, seed: 5);
        GmtFinetuneEstimator.Options options = Untrained with
        {
            Training = Options.Training with
            {
                NumberOfEpochs = 1,
                Checkpoint = new TrainingCheckpointOptions
                {
                    Path = folder["state.safetensors"],
                    Interval = TimeSpan.Zero,
                    Resume = true,
                },
            },
        };
        Fit(options, FeatureRows.View(rows)).Dispose();
        rows[0].Noise += 1;
        GmtFileException error = Assert.ThrowsExactly<GmtFileException>(() => Fit(options, FeatureRows.View(rows)));
        StringAssert.Contains(error.Message, "features");
    }

    [TestMethod]
    public void Numbers_of_stage_1_are_features_and_a_judge_without_rows_says_what_is_missing()
    {
        IDataView facts = GmtPipelines.Data;
        var chain = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options)
            .Append(Ml.Transforms.Concatenate("Features", "Score", "HeadEmbedding", "TailEmbedding"))
            .Append(Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, Untrained));
        using TransformerChain<GmtTransformer> model = chain.Fit(facts);
        GmtTransformer last = model.LastTransformer;
        Assert.AreEqual(1 + (2 * 16), last.Settings.Features!.Scaling.Width);
        Assert.AreEqual("Score", last.Settings.Features!.Scaling.Names[0]);
        IDataView judged = model.Transform(Pipelines.Graph.ToLabeledDataView(GraphSplit.Test));
        Triple[] triples = [.. Pipelines.Graph.Triples(GraphSplit.Test), .. Pipelines.Graph.Negatives(GraphSplit.Test)];
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => last.GetJudge().Judge(triples)).Message, "reads features");

        // As the command line asks: the chain makes the features of the names.
        using var facade = new FactModel("test", model);
        float[] scores = [.. judged.GetColumn<float>("Score")];
        IReadOnlyList<Verdict> verdicts = facade.Judge.Judge(triples);
        for (int row = 0; row < triples.Length; row++)
        {
            Assert.AreEqual(scores[row], verdicts[row].Score, 1e-4);
        }
    }

    [TestMethod]
    public void Features_of_the_graph_are_read_as_they_are_saved_with_the_chain_and_asked_for_by_names_alone()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        var chain = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options)
            .Append(Ml.Transforms.FeaturizeTriples("Features", Pipelines.Graph))
            .Append(Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, Quick));
        IDataView test = Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);
        float[] expected;
        using (TransformerChain<GmtTransformer> model = chain.Fit(GmtPipelines.Data))
        {
            expected = [.. model.Transform(test).GetColumn<float>("Score")];
            Ml.Model.SaveAtomically(model, test.Schema, folder["chain.zip"]);
            IReadOnlyList<string> slots = model.LastTransformer.Settings.Features!.Scaling.Names;
            CollectionAssert.AreEqual(model.OfType<FeaturizeTriplesTransformer>().Single().SlotNames.ToArray(), slots.ToArray());
            string explanation = model.Transform(test).GetColumn<string>("Explanation").First();
            Assert.Contains(explanation[..explanation.IndexOf(" = ", StringComparison.Ordinal)], slots, explanation);
        }

        using (System.IO.Compression.ZipArchive archive = System.IO.Compression.ZipFile.OpenRead(folder["chain.zip"]))
        {
            Assert.HasCount(1, archive.Entries.Where(entry => entry.FullName.EndsWith(".gmtgraph", StringComparison.Ordinal)).ToArray());
        }

        using var loaded = (TransformerChain<ITransformer>)Ml.Model.Load(folder["chain.zip"], out _);
        CollectionAssert.AreEqual(expected, loaded.Transform(test).GetColumn<float>("Score").ToArray());
        GmtTransformer last = loaded.OfType<GmtTransformer>().Single();
        using var facade = new FactModel("test", loaded);
        Triple[] triples = [.. Pipelines.Graph.Triples(GraphSplit.Test), .. Pipelines.Graph.Negatives(GraphSplit.Test)];
        IReadOnlyList<Verdict> verdicts = facade.Judge.Judge(triples);
        Assert.AreEqual(0, triples.Where((_, row) => Math.Abs(verdicts[row].Score - expected[row]) > 1e-4).Count());

        JsonElement answer = GmtRun.Json(
            "ask", "person 1", "lives in", "Italy city 1", "--model", folder["chain.zip"], "--max_new_tokens", "0");
        JsonElement[] moved = [.. answer.GetProperty("features_that_moved_the_verdict").EnumerateArray()];
        Assert.HasCount(2, moved);
        CollectionAssert.Contains(
            last.Settings.Features!.Scaling.Names.ToArray(), moved[0].GetProperty("feature").GetString(), $"{answer}");
    }

    private static GmtTransformer Fit(GmtFinetuneEstimator.Options options, IDataView rows) =>
        Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options).Fit(s_stage1.Transform(rows));

    private static JudgedRow[] Judge(GmtTransformer model, IDataView rows) =>
        [.. Ml.Data.CreateEnumerable<JudgedRow>(model.Transform(rows), reuseRowObject: false)];

    private sealed class NumberedRow
    {
        public string Head { get; set; } = "";

        public string Relation { get; set; } = "";

        public string Tail { get; set; } = "";

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
