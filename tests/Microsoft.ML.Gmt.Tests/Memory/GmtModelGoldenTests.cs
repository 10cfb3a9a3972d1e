using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>Memory tokens, logits and generated ids equal the reference's, on every recorded model.</summary>
[TestClass]
public sealed class GmtModelGoldenTests
{
    [TestMethod]
    [GoldenCases("reference/memory", "outputs.safetensors")]
    public void Memory_tokens_equal_the_reference(string folder)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using MemoryGolden golden = MemoryGolden.Trained(folder);
        var (inputs, outputs) = (golden.Read("inputs.safetensors"), golden.Read("outputs.safetensors"));
        Near.Absolute(outputs["memory"], golden.Memory(inputs["embedding_ids"], golden.Mask), 3e-4, "memory");
        Near.Absolute(
            outputs["memory_other_mask"], golden.Memory(inputs["embedding_ids"], golden.OtherMask), 3e-4, "memory with the other mask");
        Near.Absolute(
            outputs["memory_with_empty"], golden.Memory(inputs["embedding_ids_with_empty"], golden.Mask), 3e-4, "memory with an empty row");
    }

    [TestMethod]
    [GoldenCases("reference/memory", "outputs.safetensors")]
    public void Logits_equal_the_reference_padded_or_alone(string folder)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        using MemoryGolden golden = MemoryGolden.Trained(folder);
        var (inputs, outputs) = (golden.Read("inputs.safetensors"), golden.Read("outputs.safetensors"));
        (Tensor ids, Tensor mask) = (inputs["input_ids"], inputs["attention_mask"]);
        Tensor memory = golden.Memory(inputs["embedding_ids"], golden.Mask);
        Tensor tokens = mask.unsqueeze(-1);
        Near.Absolute(outputs["logits"] * tokens, golden.Model.Forward(ids, mask, memory) * tokens, 3e-4, "logits");

        foreach (string name in outputs.Keys.Where(name => name.StartsWith("logits_single_", StringComparison.Ordinal)))
        {
            int row = int.Parse(name["logits_single_".Length..], CultureInfo.InvariantCulture);
            long length = mask[row].sum().item<long>();
            Tensor alone = ids.narrow(0, row, 1).narrow(1, ids.size(1) - length, length);
            Near.Absolute(outputs[name], golden.Model.Forward(alone, null, memory.narrow(0, row, 1)).squeeze(0), 3e-4, name);
        }

        const string withoutEvidence = "logits_with_empty_row_";
        string recorded = outputs.Keys.Single(name => name.StartsWith(withoutEvidence, StringComparison.Ordinal));
        int emptyRow = int.Parse(recorded[withoutEvidence.Length..], CultureInfo.InvariantCulture);
        Tensor withEmpty = golden.Model.Forward(ids, mask, golden.Memory(inputs["embedding_ids_with_empty"], golden.Mask));
        Near.Absolute(
            outputs[recorded] * tokens[emptyRow], withEmpty[emptyRow] * tokens[emptyRow], 3e-4, "logits of a row without evidence");
    }

    [TestMethod]
    [GoldenCases("reference/memory", "greedy.json")]
    public void Greedy_ids_equal_the_reference(string folder)
    {
        using var scope = NewDisposeScope();
        using MemoryGolden golden = MemoryGolden.Trained(folder);
        using JsonDocument recorded = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "greedy.json")));
        JsonElement root = recorded.RootElement;
        int[][] prompts = Rows(root, "prompts"), expected = Rows(root, "output_ids"), triples = Rows(root, "embedding_ids");
        QueryMask mask = root.GetProperty("mask_query").GetBoolean() ? QueryMask.Compatible : QueryMask.None;
        using IDisposable inference = no_grad();
        Tensor ids = tensor(triples.SelectMany(row => row.Select(id => (long)id)).ToArray(), [triples.Length, 3]);
        MemoryReader reader = golden.Model.Read(golden.Memory(ids, mask));
        GreedyOptions options = new() { MaxNewTokens = root.GetProperty("max_new_tokens").GetInt32(), StopAtEndOfSequence = false };
        IReadOnlyList<IReadOnlyList<int>> generated = new GreedyDecoder(golden.BaseModel, options).Generate(prompts, reader.Hook);
        for (int row = 0; row < prompts.Length; row++)
        {
            CollectionAssert.AreEqual(expected[row], prompts[row].Concat(generated[row]).ToArray(), $"row {row}");
        }
    }

    private static int[][] Rows(JsonElement root, string name) =>
        [.. root.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt32()).ToArray())];
}
