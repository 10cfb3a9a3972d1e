using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Tests.Llm;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>One name has one behavior: the strict commands and the estimators train the same model from the same options.</summary>
[TestClass]
public sealed class SameAsEstimatorsTests
{
    private const int Seed = 5;

    [TestMethod]
    public void Both_stages_are_trained_alike_by_command_and_by_estimator()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        SgmFiles.WriteOpenKe(Pipelines.Graph, folder["graph"]);
        GmtRun.Of(
            "pretrain", "--kg_dir", folder["graph"], "--output_dir", folder["sgm"], "--graph_dim", "16", "--rel_semantic_dim", "16",
            "--sgm_layers", "1", "--sgm_heads", "2", "--top_k", "3", "--epochs", "2", "--batch_size", "32", "--num_neg", "4",
            "--seed", $"{Seed}").Succeeded();
        string state = Path.Combine(folder["sgm"], SgmFolder.StateFile);
        GmtRun.Of(
            "finetune", "--base_model", GmtPipelines.BaseModel, "--kg_dir", folder["graph"], "--sgm_ckpt", state,
            "--output_dir", folder["gmt"], "--num_memory_tokens", "4", "--memory_heads", "2", "--memory_layers", "3,4",
            "--lora_r", "2", "--lora_alpha", "4", "--batch_size", "8", "--num_epochs", "1", "--val_set_size", "8",
            "--seed", $"{Seed}").Succeeded();

        // The same through the library, with nothing set that the command lines leave out.
        var ml = new MLContext();
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(folder["graph"]);
        var pretraining = new SgmPretrainEstimator.Options
        {
            GraphModule = new SgmOptions { GraphDimension = 16, Layers = 1, Heads = 2, TopK = 3 },
            RelationSemantics = RelationSemanticsSource.Random(16),
            ValidateOnGraph = true,
            Training = new SgmTrainingOptions { NumberOfEpochs = 2, BatchSize = 32, NegativesPerPositive = 4, Seed = Seed },
        };
        using SgmTransformer stage1 = ml.Transforms.SgmPretrain(graph, pretraining).Fit(graph.ToDataView());
        ml.Model.SaveSgmCheckpoint(stage1, folder["own sgm"]);
        CollectionAssert.AreEqual(File.ReadAllBytes(state), File.ReadAllBytes(Path.Combine(folder["own sgm"], SgmFolder.StateFile)));

        var finetuning = new GmtFinetuneEstimator.Options
        {
            Memory = new MemoryOptions
            {
                MemoryTokens = 4,
                MemoryHeads = 2,
                MemoryLayers = [3, 4],
                Lora = new LoraOptions { Rank = 2, Alpha = 4 },
            },
            HeldOutRows = 8,
            Training = new GmtTrainingOptions { NumberOfEpochs = 1, BatchSize = 8, Seed = Seed },
        };
        using GmtTransformer stage2 = ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, finetuning)
            .Fit(stage1.Transform(graph.ToLabeledDataView(GraphSplit.Validation)));
        ml.Model.SaveGmtCheckpoint(stage2, folder["own gmt"]);
        foreach (string file in new[] { GmtStateDict.EncoderFile, GmtStateDict.MemoryFile })
        {
            CollectionAssert.AreEqual(
                File.ReadAllBytes(Path.Combine(folder["gmt"], file)), File.ReadAllBytes(Path.Combine(folder["own gmt"], file)), file);
        }

        foreach (string name in new[] { "gmt", "own gmt" })
        {
            Assert.AreEqual(TriplePrompt.Default, GmtFolder.Open(folder[name]).Prompt, name);
        }
    }
}
