using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Sgm;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>Training steps on the micro batches that the reference's trainer made.</summary>
[TestClass]
public sealed class GmtTrainingGoldenTests
{
    [TestMethod]
    [GoldenCases("reference/memory", "steps.safetensors")]
    public void Losses_rates_and_final_weights_equal_the_reference(string folder)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var scope = NewDisposeScope();
        using var golden = new MemoryGolden(folder);
        Dictionary<string, Tensor> initial = golden.Read(
            "initial.safetensors"), recorded = golden.Read("steps.safetensors"), parameters = golden.Parameters();
        StateDict.Load(parameters, initial, folder, "the model");
        GmtTrainingOptions options = GmtTrainingOptions.Reference with
        {
            BatchSize = golden.Number("batch_size"),
            MicroBatchSize = golden.Number("micro_batch_size"),
            LearningRate = golden.Figure("learning_rate"),
            Mask = golden.Mask,
            TrainGraphModule = golden.Flag("train_graph_module"),
            TrainCrossAttentionBase = golden.Flag("train_cross_attn_base"),
        };
        int microSteps = (int)recorded["losses"].size(0), accumulated = options.Sizes.AccumulationSteps, steps = microSteps / accumulated;
        using var training = new GmtStep(golden.Model, options, new RandomStreams(1), steps);
        bool isLong = steps > 10;
        for (int step = 0; step < steps; step++)
        {
            int[] parts = [.. Enumerable.Range(step * accumulated, accumulated)];
            Assert.AreEqual(
                recorded["learning_rates"][parts[^1]].item<double>(), training.Gradients.RateAt(step), 1e-12, $"rate of step {step}");
            double loss = training.Take([.. parts.Select(part => Rows(recorded, part))], step);
            double expected = parts.Average(part => recorded["losses"][part].item<float>());
            Assert.AreEqual(expected, loss, isLong ? 1e-4 : 3e-5, $"loss of step {step}");
        }

        foreach ((string name, Tensor final) in golden.Read("final.safetensors"))
        {
            int width = golden.Number("graph_dim");
            Tensor[] compared =
                [.. new[] { initial[name], final, parameters[name] }.Select(weights => MemoryGolden.TrainedRows(name, width, weights))];
            Near.Absolute(compared[1], compared[2], isLong ? 2e-4 : 1e-5, name);

            // In five steps weights hardly move: what counts is the change.
            if (!isLong)
            {
                Near.Relative(compared[1] - compared[0], compared[2] - compared[0], 0.05, $"change of {name}");
            }
        }
    }

    private static TokenizedRow[] Rows(Dictionary<string, Tensor> recorded, int part)
    {
        Tensor ids = recorded[$"input_ids.{part}"].to(ScalarType.Int64), mask = recorded[$"attention_mask.{part}"].to(ScalarType.Int64);
        Tensor labels = recorded[$"labels.{part}"].to(ScalarType.Int64);
        Triple[] triples = SgmGolden.Triples(recorded[$"embedding_ids.{part}"].to(ScalarType.Int64));
        return [.. triples.Select((triple, row) =>
        {
            int length = (int)mask[row].sum().item<long>(), width = (int)ids.size(1);
            int[] tokens = [.. ids[row].narrow(0, width - length, length).data<long>().Select(id => (int)id)];
            int context = (int)labels[row].narrow(0, width - length, length).eq(LanguageModelLoss.Ignored).sum().item<long>();
            return new TokenizedRow(tokens, context, triple);
        })];
    }
}
