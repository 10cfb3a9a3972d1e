using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Sgm;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Transformers out of the reference's checkpoints, and into them.</summary>
[TestClass]
public sealed class CheckpointCatalogTests
{
    private static readonly MLContext Ml = new(seed: 1);
    private static readonly SgmPretrainEstimator.Options ReferenceMask = Pipelines.Options with { Mask = QueryMask.Compatible };

    [TestMethod]
    public void A_stage_1_transformer_comes_back_with_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        using SgmTransformer trained = Pipelines.Fit(ReferenceMask);
        Ml.Model.SaveSgmCheckpoint(trained, folder.Path);
        CollectionAssert.AreEquivalent(
            new[] { "sgm_state.pth", "sgm_config.json" }, Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
        foreach (string path in new[] { folder.Path, folder["sgm_state.pth"] })
        {
            using SgmTransformer loaded = Ml.Model.LoadSgmCheckpoint(path, Pipelines.Graph, ReferenceMask);
            Assert.AreEqual(trained.Module.Options, loaded.Module.Options);
            CollectionAssert.AreEqual(Scores(trained), Scores(loaded));
            Assert.IsNull(loaded.Scorer.FittedOn, "the folder does not say which triples it was trained on");
        }
    }

    [TestMethod]
    [GoldenCases("reference/sgm", "sgm_config.json")]
    public void What_pretrain_wrote_is_read_with_the_shape_that_its_arguments_tell(string recorded)
    {
        using var scope = NewDisposeScope();
        var golden = new SgmGolden(recorded);
        using SgmTransformer loaded = Ml.Model.LoadSgmCheckpoint(recorded, golden.Graph);
        Assert.AreEqual(golden.Options with { Dropout = loaded.Module.Options.Dropout }, loaded.Module.Options);
        foreach ((string name, Tensor weights) in SgmStateDict.Of(loaded.Module))
        {
            Near.Absolute(golden.Read("final.safetensors")[name], weights, 0, name);
        }
    }

    [TestMethod]
    public void The_mask_of_the_training_run_comes_back_and_a_folder_without_one_counts_as_unmasked()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        List<string> warnings = ml.Messages();
        foreach (QueryMask mask in new[] { QueryMask.Full, QueryMask.Compatible, QueryMask.None })
        {
            using SgmTransformer trained = Pipelines.Fit(Pipelines.Options with { Mask = mask });
            ml.Model.SaveSgmCheckpoint(trained, folder.Path);
            using SgmTransformer loaded = ml.Model.LoadSgmCheckpoint(folder.Path, Pipelines.Graph);
            Assert.AreEqual(mask, loaded.Mask);
            using SgmTransformer chosen = ml.Model.LoadSgmCheckpoint(
                folder.Path, Pipelines.Graph, new SgmScoringOptions { Mask = QueryMask.Compatible });
            Assert.AreEqual(QueryMask.Compatible, chosen.Mask);
        }

        Assert.IsEmpty(warnings);
        string config = folder["sgm_config.json"];
        File.WriteAllLines(config, File.ReadAllLines(config).Where(line => !line.Contains("mask_query", StringComparison.Ordinal)).Select(line => line.Replace("\"cpu\",", "\"cpu\"", StringComparison.Ordinal)));
        using SgmTransformer unrecorded = ml.Model.LoadSgmCheckpoint(folder.Path, Pipelines.Graph);
        Assert.AreEqual(QueryMask.None, unrecorded.Mask);
        StringAssert.Contains(warnings.Single(), "records no mask, so its training run counts as unmasked");
    }

    [TestMethod]
    public void Training_starts_from_a_checkpoint_and_leaves_it_as_it_is()
    {
        using SgmTransformer trained = Pipelines.Fit(ReferenceMask);
        float[] before = Scores(trained);
        SgmPretrainEstimator Estimator(int epochs) =>
            Ml.Transforms.SgmPretrain(
                Pipelines.Graph, ReferenceMask with { Training = ReferenceMask.Training with { NumberOfEpochs = epochs } });
        using SgmTransformer same = Estimator(0).Fit(Pipelines.Graph.ToDataView(), null, trained);
        CollectionAssert.AreEqual(before, Scores(same));
        using SgmTransformer further = Estimator(1).Fit(Pipelines.Graph.ToDataView(), null, trained);
        CollectionAssert.AreNotEqual(before, Scores(further));
        CollectionAssert.AreEqual(before, Scores(trained));
    }

    [TestMethod]
    public void A_stage_2_transformer_comes_back_with_the_same_bits_and_goes_into_an_archive()
    {
        using var folder = new TemporaryFolder();
        using TransformerChain<GmtTransformer> chain = Ml.Transforms.SgmPretrain(Pipelines.Graph, ReferenceMask)
            .Append(Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Quick)).Fit(GmtPipelines.Data);
        Ml.Model.SaveGmtCheckpoint(chain.LastTransformer, folder.Path);
        CollectionAssert.AreEquivalent(
            new[] { GmtStateDict.EncoderFile, GmtStateDict.MemoryFile, GmtFolder.ConfigFile },
            Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray());
        using GmtTransformer loaded = Ml.Model.LoadGmtCheckpoint(folder.Path, GmtPipelines.BaseModel, Pipelines.Graph, GmtPipelines.Quick);
        Assert.AreEqual(chain.LastTransformer.Mask, loaded.Mask);
        float[] expected = Scores(chain);
        CollectionAssert.AreEqual(expected, Scores(loaded));

        Ml.Model.Save(loaded, GmtPipelines.Data.Schema, folder["facts.zip"]);
        ITransformer archived = Ml.Model.Load(folder["facts.zip"], out _);
        CollectionAssert.AreEqual(expected, Scores(archived));
        (archived as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Masking_in_contexts_and_words_of_ones_own_come_back_too()
    {
        using var folder = new TemporaryFolder();
        TriplePrompt words = new()
        {
            Instruction = "Right or wrong?",
            Input = "{head} {relation} {tail}",
            TrueAnswer = "Right",
            FalseAnswer = "Wrong",
        };
        GmtFinetuneEstimator.Options options = GmtPipelines.Quick with
        {
            Text = GmtPipelines.Options.Text with { Prompt = words },
        };
        using TransformerChain<GmtTransformer> chain = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options)
            .Append(Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options)).Fit(GmtPipelines.Data);
        Assert.AreEqual(QueryMask.Full, chain.LastTransformer.Mask);
        Ml.Model.SaveGmtCheckpoint(chain.LastTransformer, folder.Path);
        using GmtTransformer loaded = Ml.Model.LoadGmtCheckpoint(folder.Path, GmtPipelines.BaseModel, Pipelines.Graph);
        Assert.AreEqual(QueryMask.Full, loaded.Mask);
        Assert.AreEqual(words, loaded.Settings.Text.Prompt);
        GmtFolder ofTheScripts = GmtFolder.Open(Goldens.Root("reference/end-to-end/gmt"));
        Assert.AreEqual(TriplePrompt.Reference, ofTheScripts.Prompt);
        Assert.IsLessThan(1e-4f, Scores(chain).Zip(Scores(loaded), (a, b) => Math.Abs(a - b)).Max(), "in batches of another size");
    }

    [TestMethod]
    public void What_does_not_go_together_is_named()
    {
        using var folder = new TemporaryFolder();
        using SgmTransformer trained = Pipelines.Fit(ReferenceMask);
        Ml.Model.SaveSgmCheckpoint(trained, folder.Path);
        var builder = new KnowledgeGraphBuilder(["a", "b"], ["r"]);
        builder.Add(new Triple(0, 0, 1), GraphSplit.Train);
        KnowledgeGraph other = builder.Build();
        StringAssert.Contains(
            Assert.ThrowsExactly<WeightFileException>(() => Ml.Model.LoadSgmCheckpoint(folder.Path, other)).Message,
            "as [1, width] for this graph");
        File.WriteAllText(folder["sgm_config.json"], "{\"graph_dim\": \"wide\"}");
        StringAssert.Contains(
            Assert.ThrowsExactly<GmtFileException>(() => Ml.Model.LoadSgmCheckpoint(folder.Path, Pipelines.Graph)).Message,
            "$.graph_dim: expected an integer, found \"wide\"");
        File.WriteAllText(folder["sgm_config.json"], "{\"graph_dim\": 32}");
        StringAssert.Contains(
            Assert.ThrowsExactly<WeightFileException>(() => Ml.Model.LoadSgmCheckpoint(folder.Path, Pipelines.Graph)).Message,
            "missing 'rel_proj.weight'");
        Assert.ThrowsExactly<FileNotFoundException>(() => Ml.Model.LoadGmtCheckpoint(folder.Path, GmtPipelines.BaseModel, Pipelines.Graph));
        Assert.ThrowsExactly<DirectoryNotFoundException>(
            () => Ml.Model.LoadGmtCheckpoint(folder["nothing"], GmtPipelines.BaseModel, Pipelines.Graph));
    }

    [TestMethod]
    public void A_tokenizer_of_another_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        GmtFinetuneEstimator.Options options = GmtPipelines.Options with
        {
            Training = GmtPipelines.Options.Training with { NumberOfEpochs = 0 },
        };
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(options);
        Ml.Model.SaveGmtCheckpoint(chain.LastTransformer, folder["gmt"]);
        string mismatched = MismatchedModel.Write(folder["model"]);
        string message = Assert.ThrowsExactly<GmtFileException>(
            () => Ml.Model.LoadGmtCheckpoint(folder["gmt"], mismatched, Pipelines.Graph, options)).Message;
        StringAssert.Contains(message, MismatchedModel.Message);
    }

    private static float[] Scores(ITransformer transformer) =>
        [.. transformer.Transform(GmtPipelines.Data).GetColumn<float>("Score")];
}
