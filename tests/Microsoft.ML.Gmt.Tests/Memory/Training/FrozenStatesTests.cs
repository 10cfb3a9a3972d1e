using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class FrozenStatesTests
{
    /// <summary>Rows of three lengths, the last token to be predicted.</summary>
    private static TokenizedRow[] Rows =>
    [
        .. TinyGmt.People().Triples(GraphSplit.Train).ToArray().Select((triple, i) => new TokenizedRow(
            [1, .. Enumerable.Range(5, 2 + (i % 3)), 3 + (i % 2)], 3 + (i % 3), triple)),
    ];

    private static MemoryOptions TopLayer(LlamaModel model) => TinyGmt.Options with { MemoryLayers = [model.Config.LayerCount - 1] };

    [TestMethod]
    public void Are_what_the_lower_layers_make_of_padded_rows()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var scope = NewDisposeScope();
        using LlamaModel model = TinyLlama.Create();
        TokenizedRow[] rows = Rows;
        using FrozenStates states = FrozenStates.Of(model, 1, rows)!;
        Tensor kept = states.Of(rows), again = states.Of([.. rows.Reverse()]);
        using LabeledBatch batch = LabeledBatch.PadLeft(rows);
        AttentionContext context = model.CreateContext(batch.InputIds, batch.AttentionMask);
        Tensor expected = model.RunLayers(model.Embed(batch.InputIds), context, to: 1).detach();
        Tensor isToken = batch.AttentionMask!.unsqueeze(-1);
        Near.Relative(expected * isToken, kept, 1e-5, "states");
        Near.Absolute(kept, again.flip(0), 0, "whichever is asked first");
    }

    [TestMethod]
    public void Change_neither_loss_nor_step()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var scope = NewDisposeScope();
        TokenizedRow[] rows = Rows;
        (double Loss, double After) Train(bool keeps)
        {
            using LlamaModel shape = TinyLlama.Create();
            using var tiny = new TinyGmt(TopLayer(shape), graphDropout: 0);
            int layers = tiny.Model.MemoryLayers.Keys.Min();
            Assert.IsGreaterThan(0, layers);
            using FrozenStates? states = keeps ? FrozenStates.Of(tiny.BaseModel, layers, rows) : null;
            GmtTrainingOptions options = new GmtTrainingOptions { LearningRate = 0.01, WarmupSteps = 0, BatchSize = rows.Length }
                .Settled(rows.Length, shape.Config.HiddenSize);
            using var step = new GmtStep(tiny.Model, options, new RandomStreams(1), 10, states);
            double loss = step.Take([rows], 0);
            return (loss, step.Measure(rows, default));
        }

        (double loss, double after) = Train(keeps: true);
        (double expected, double expectedAfter) = Train(keeps: false);
        Assert.AreEqual(expected, loss, 1e-5);
        Assert.AreEqual(expectedAfter, after, 1e-5);
        Assert.IsLessThan(loss, after, "the step moved something");
    }

    [TestMethod]
    public void Are_not_kept_where_all_layers_read_memory_or_they_would_be_too_large()
    {
        using LlamaModel model = TinyLlama.Create();
        TokenizedRow[] rows = Rows;
        long bytes = rows.Sum(row => (long)row.Ids.Count) * model.Config.HiddenSize * sizeof(float);
        Assert.IsNull(FrozenStates.Of(model, 0, rows));
        Assert.IsNull(FrozenStates.Of(model, 1, rows, bytes - 1));
        using FrozenStates? kept = FrozenStates.Of(model, 1, rows, bytes);
        Assert.IsNotNull(kept);
    }
}
