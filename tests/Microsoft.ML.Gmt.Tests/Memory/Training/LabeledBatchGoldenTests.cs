using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>Rows that the reference was trained on: the same tokens, labels and padding in each micro batch, and the same rates.</summary>
[TestClass]
public sealed class LabeledBatchGoldenTests
{
    [TestMethod]
    [GoldenCases("reference/memory", "steps.safetensors")]
    public void Micro_batches_equal_the_reference(string folder)
    {
        using var scope = NewDisposeScope();
        JsonElement options = Options(folder);
        var tokenizer = new RowTokenizer(
            TokenizerFolder.Load(Path.Combine(folder, "..", "..", "tokenizer")),
            PromptTemplate.Named(options.GetProperty("prompt_template_name").GetString()),
            options.GetProperty("cutoff_len").GetInt32(),
            options.GetProperty("add_eos_token").GetBoolean(),
            options.GetProperty("train_on_inputs").GetBoolean());

        // The reference shuffled the rows: each row of a batch is found by its triple and tokens, and every row occurs once an epoch.
        TokenizedRow[] rows = [.. tokenizer.Tokenize(InstructionFile.Read(Path.Combine(folder, "rows.json")))];
        ILookup<string, TokenizedRow> byContent = rows.ToLookup(row => Key(row.Triple, row.Ids));
        using SafetensorsFile steps = SafetensorsFile.Open(Path.Combine(folder, "steps.safetensors"));
        long batches = steps.Get("losses").size(0);
        var seen = rows.ToLookup(row => Key(row.Triple, row.Ids)).ToDictionary(group => group.Key, _ => 0);
        for (int i = 0; i < batches; i++)
        {
            Tensor ids = steps.Get($"input_ids.{i}").to(ScalarType.Int64), mask = steps.Get($"attention_mask.{i}").to(ScalarType.Int64);
            Tensor triples = steps.Get($"embedding_ids.{i}").to(ScalarType.Int64);
            TokenizedRow[] batch = [.. Enumerable.Range(0, (int)ids.size(0)).Select(row =>
            {
                long length = mask[row].sum().item<long>();
                long[] triple = triples[row].data<long>().ToArray();
                int[] tokens = [.. ids[row].narrow(0, ids.size(1) - length, length).data<long>().ToArray().Select(id => (int)id)];
                string key = Key(new Triple((int)triple[0], (int)triple[1], (int)triple[2]), tokens);
                Assert.IsTrue(byContent.Contains(key), $"row {row} of batch {i} is none of rows.json");
                seen[key]++;
                return byContent[key].First();
            })];
            using LabeledBatch actual = LabeledBatch.PadLeft(batch);
            Near.Absolute(ids, actual.InputIds, 0, $"input_ids.{i}");
            Near.Absolute(mask, actual.AttentionMask ?? ones_like(ids), 0, $"attention_mask.{i}");
            Near.Absolute(steps.Get($"labels.{i}").to(ScalarType.Int64), actual.Labels, 0, $"labels.{i}");
            Assert.AreEqual(mask.min().item<long>() == 1, actual.AttentionMask is null);
        }

        int epochs = options.GetProperty("num_epochs").GetInt32();
        Assert.IsTrue(seen.All(pair => pair.Value == epochs * byContent[pair.Key].Count()));
    }

    [TestMethod]
    [GoldenCases("reference/memory", "steps.safetensors")]
    public void Learning_rates_equal_the_reference(string folder)
    {
        using var scope = NewDisposeScope();
        JsonElement options = Options(folder);
        using SafetensorsFile steps = SafetensorsFile.Open(Path.Combine(folder, "steps.safetensors"));
        double[] expected = steps.Get("learning_rates").data<double>().ToArray();
        var sizes = new BatchSizes(options.GetProperty("batch_size").GetInt32(), options.GetProperty("micro_batch_size").GetInt32());
        var schedule = new LinearSchedule(options.GetProperty("learning_rate").GetDouble(), expected.Length / sizes.AccumulationSteps);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], schedule.RateAt(i / sizes.AccumulationSteps), 1e-15, $"micro batch {i}");
        }
    }

    private static JsonElement Options(string folder) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "gmt_config.json"))).RootElement;

    private static string Key(Triple triple, IEnumerable<int> ids) => $"{triple}: {string.Join(' ', ids)}";
}
