using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>What is wrong with a base model is said before stage 1 is trained, which may take hours.</summary>
[TestClass]
public sealed class BaseModelCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void A_folder_that_is_not_there_is_named_when_the_estimator_is_made()
    {
        string message = Assert.ThrowsExactly<DirectoryNotFoundException>(
            () => new MLContext().Transforms.GmtFinetune("models/mistyped")).Message;
        StringAssert.Contains(message, "'models/mistyped'");
    }

    [TestMethod]
    [DataRow("config.json", null)]
    [DataRow("config.json", "{\"model_type\": \"llama\"}")]
    [DataRow("model.safetensors", null)]
    [DataRow("model.safetensors", "no weights")]
    [DataRow("tokenizer.json", null)]
    [DataRow("tokenizer.json", "{}")]
    public void A_file_that_is_missing_or_malformed_is_found_before_stage_1(string file, string? content)
    {
        ModelCopy.Write(_folder.Path);
        File.Delete(_folder[file]);
        if (content is not null)
        {
            _folder.With(file, content);
        }

        FailsBeforeTraining(GmtPipelines.Options);
    }

    [TestMethod]
    public void Weights_of_another_shape_are_found_before_stage_1()
    {
        ModelCopy.Write(_folder.Path);
        JsonObject config = JsonNode.Parse(File.ReadAllText(_folder["config.json"]))!.AsObject();
        config["intermediate_size"] = (int)config["intermediate_size"]! + 8;
        _folder.With("config.json", config.ToJsonString());
        StringAssert.Contains(FailsBeforeTraining(GmtPipelines.Options).Message, "has shape");
    }

    [TestMethod]
    public void Memory_layers_that_the_model_lacks_are_found_before_stage_1()
    {
        ModelCopy.Write(_folder.Path);
        Exception error = FailsBeforeTraining(GmtPipelines.Options with { Memory = new MemoryOptions { MemoryLayers = [3, 400] } });
        StringAssert.Contains(error.Message, "400");
    }

    [TestMethod]
    public void A_folder_that_was_mended_is_taken()
    {
        ModelCopy.Write(_folder.Path);
        File.Move(_folder["config.json"], _folder["away"]);
        GmtFinetuneEstimator estimator = new MLContext().Transforms.GmtFinetune(_folder.Path, GmtPipelines.Options);
        SchemaShape input = new MLContext().Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options)
            .GetOutputSchema(MlNetInternals.Shape(GmtPipelines.Data.Schema));
        Assert.Throws<IOException>(() => estimator.GetOutputSchema(input));
        File.Move(_folder["away"], _folder["config.json"]);
        estimator.GetOutputSchema(input);
    }

    private Exception FailsBeforeTraining(GmtFinetuneEstimator.Options options)
    {
        int steps = 0;
        var ml = new MLContext(seed: 1);
        SgmPretrainEstimator first = ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options with
        {
            Training = Pipelines.Options.Training with { Progress = new Listener<TrainingProgress>(_ => steps++) },
        });
        EstimatorChain<GmtTransformer> chain = first.Append(ml.Transforms.GmtFinetune(_folder.Path, options));
        Exception error = Assert.Throws<Exception>(() => chain.Fit(GmtPipelines.Data));
        Assert.AreEqual(0, steps, "stage 1 was trained before");
        return error;
    }
}
