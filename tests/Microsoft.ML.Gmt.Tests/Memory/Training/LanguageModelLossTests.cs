using Microsoft.ML.Gmt.Memory;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>Loss and gradients of all three training modes equal the reference's.</summary>
[TestClass]
public sealed class LanguageModelLossTests
{
    [TestMethod]
    [GoldenCases("reference/memory", "outputs.safetensors")]
    public void Losses_equal_the_reference(string folder)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using MemoryGolden golden = MemoryGolden.Trained(folder);
        var outputs = golden.Read("outputs.safetensors");
        Near.Absolute(outputs["loss_all"], Loss(golden, "labels_all"), 3e-5, "loss over all tokens");
        Near.Absolute(outputs["loss_answer"], Loss(golden, "labels_answer"), 3e-5, "loss over the answer");
    }

    [TestMethod]
    [GoldenCases("reference/memory", "gradients.safetensors")]
    public void Gradients_of_every_training_mode_equal_the_reference(string folder)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> recorded;
        using (MemoryGolden golden = MemoryGolden.Trained(folder))
        {
            recorded = golden.Read("gradients.safetensors");
        }

        // A mode has the default's gradients and its own.
        string[] modes = [.. recorded.Keys.Select(name => name.Split('/')[0]).Distinct()];
        foreach (string mode in modes)
        {
            using MemoryGolden golden = MemoryGolden.Trained(folder);
            golden.Model.SetTrainable(graphModule: mode == "train_graph_module", crossAttentionBase: mode == "train_cross_attn_base");
            Loss(golden, "labels_answer").backward();
            Dictionary<string, Tensor> parameters = golden.Parameters();
            string[] expected = [.. recorded.Keys.Where(name => name.StartsWith("default/", StringComparison.Ordinal) || name.StartsWith(mode + "/", StringComparison.Ordinal))];
            CollectionAssert.AreEquivalent(
                expected.Select(name => name[(name.IndexOf('/') + 1)..]).Distinct().ToArray(),
                parameters.Where(pair => pair.Value.requires_grad).Select(pair => pair.Key).ToArray(), $"what {mode} trains");
            foreach (string name in expected)
            {
                string parameter = name[(name.IndexOf('/') + 1)..];
                Tensor gradient = parameters[parameter].grad ?? zeros_like(parameters[parameter]);
                (Tensor real, Tensor own) = (WithGradient(parameter, recorded[name], golden), WithGradient(parameter, gradient, golden));

                // The floor: other kernels alone move gradients of 0.15 by 6e-7, and some here are below 1e-5 everywhere.
                Near.Relative(real, own, 1e-4, $"{mode}: gradient of {parameter}", floor: 1e-8);
            }
        }
    }

    private static Tensor Loss(MemoryGolden golden, string labels)
    {
        var inputs = golden.Read("inputs.safetensors");
        var reader = golden.Model.Read(golden.Memory(inputs["embedding_ids"], golden.Mask));
        return LanguageModelLoss.Of(golden.BaseModel, inputs["input_ids"], inputs["attention_mask"], inputs[labels], reader);
    }

    /// <summary>The rows that have a gradient in exact arithmetic.</summary>
    private static Tensor WithGradient(string name, Tensor gradient, MemoryGolden golden) =>
        MemoryGolden.TrainedRows(name, golden.Number("graph_dim"), gradient);
}
