using System.Globalization;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LlamaMemoryTests
{
    // Of this thread. (Tensor.TotalCount counts a tensor that becomes a parameter twice and never forgets the first.)
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [TestMethod]
    public void Nothing_stays_behind_after_forward_passes_training_steps_generation_and_scoring_on_any_thread()
    {
        using LlamaModel model = TinyLlama.Create();
        LiveTensors.StayTheSame(() => Work(model));
        LiveTensors.StayTheSame(() => LiveTensors.OnThreads(1, () =>
        {
            Work(model);
            Assert.AreEqual(0, Live);
        }));
    }

    [TestMethod]
    public void A_model_that_cannot_be_loaded_leaves_nothing_behind()
    {
        using TemporaryFolder folder = new();
        using (LlamaModel model = TinyLlama.Create())
        {
            model.Save(folder.Path);
        }

        LlamaConfig config = LlamaConfig.Load(folder.Path);
        (config with { LayerCount = 4 }).Save(folder.Path);
        long before = Live;
        string missing = Assert.ThrowsExactly<WeightFileException>(() => LlamaModel.Load(folder.Path)).Message;
        StringAssert.Contains(missing, "model.layers.3.");
        (config with { LayerCount = 2 }).Save(folder.Path);
        string unused = Assert.ThrowsExactly<NotSupportedException>(() => LlamaModel.Load(folder.Path)).Message;
        StringAssert.Contains(unused, "model.layers.2.");
        (config with { VocabularySize = 60 }).Save(folder.Path);
        string wrong = Assert.ThrowsExactly<WeightFileException>(() => LlamaModel.Load(folder.Path)).Message;
        StringAssert.Contains(wrong, "[61, 32]");
        StringAssert.Contains(wrong, "[60, 32]");
        Assert.AreEqual(before, Live);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Weights_in_the_file_s_own_type_are_views_of_the_mapped_file()
    {
        using TemporaryFolder folder = new();
        using (LlamaModel model = TinyLlama.Create())
        {
            model.Save(folder.Path);
        }

        using LlamaModel mapped = LlamaModel.Load(folder.Path);
        using LlamaModel converted = LlamaModel.Load(folder.Path, ScalarType.BFloat16);
        List<(ulong Start, ulong End)> ranges = Mappings(folder.Path);
        Assert.IsTrue(mapped.parameters().All(parameter => IsInside(parameter, ranges)));
        Assert.IsFalse(converted.parameters().Any(parameter => IsInside(parameter, ranges)));
        Assert.AreEqual(ScalarType.BFloat16, converted.DataType);
    }

    [TestMethod]
    public void Training_a_loaded_model_never_changes_its_file()
    {
        using TemporaryFolder folder = new();
        using (LlamaModel model = TinyLlama.Create())
        {
            model.Save(folder.Path);
        }

        string weights = Path.Combine(folder.Path, "model.safetensors");
        byte[] before = File.ReadAllBytes(weights);
        using (LlamaModel model = LlamaModel.Load(folder.Path, trainable: true))
        {
            using IDisposable frozen = no_grad();
            foreach (Tensor parameter in model.parameters())
            {
                Assert.IsTrue(parameter.requires_grad);
                parameter.zero_();
            }
        }

        CollectionAssert.AreEqual(before, File.ReadAllBytes(weights));
    }

    private static void Work(LlamaModel model)
    {
        int[][] prompts = [TinyLlama.Prompt(7, 1), TinyLlama.Prompt(3, 2)];
        new GreedyDecoder(model, new GreedyOptions { MaxNewTokens = 5 }).Generate(prompts);
        new ContinuationScorer(model).ScoreContinuations([new ContinuationQuery(prompts[0], [[4, 5], [4, 6, 7], [8]])]);
        using DisposeScope scope = NewDisposeScope();
        using TokenBatch batch = TokenBatch.PadLeft(prompts);
        Tensor logits = model.Forward(batch.InputIds, batch.AttentionMask);
        logits.square().mean().backward();
        foreach (Tensor parameter in model.parameters())
        {
            parameter.grad?.zero_();
        }
    }

    private static bool IsInside(Tensor tensor, List<(ulong Start, ulong End)> ranges)
    {
        ulong address;
        unsafe
        {
            fixed (byte* data = tensor.bytes)
            {
                address = (ulong)data;
            }
        }

        return ranges.Exists(range => address >= range.Start && address < range.End);
    }

    private static List<(ulong Start, ulong End)> Mappings(string folder) =>
        [.. File.ReadLines("/proc/self/maps").Where(line => line.Contains(folder, StringComparison.Ordinal)).Select(line =>
        {
            string[] bounds = line[..line.IndexOf(' ', StringComparison.Ordinal)].Split('-');
            return (ulong.Parse(bounds[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                ulong.Parse(bounds[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        })];
}
