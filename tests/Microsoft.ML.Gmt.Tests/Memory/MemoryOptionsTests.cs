using System.Text.Json;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class MemoryOptionsTests
{
    [TestMethod]
    public void The_top_eight_layers_read_the_memory_unless_others_are_named()
    {
        CollectionAssert.AreEqual(Enumerable.Range(2, 8).ToArray(), new MemoryOptions().LayersIn(10).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, new MemoryOptions().LayersIn(3).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 3 }, new MemoryOptions { MemoryLayers = [3, 1] }.LayersIn(4).ToArray());
    }

    [TestMethod]
    [DataRow(new[] { 1, 1 }, "twice")]
    [DataRow(new[] { 4 }, "4 layers")]
    [DataRow(new[] { -1 }, "4 layers")]
    [DataRow(new int[0], "at least one")]
    public void Layers_that_are_not_there_are_refused(int[] layers, string said)
    {
        string message = Assert.ThrowsExactly<ArgumentException>(() => new MemoryOptions { MemoryLayers = layers }.LayersIn(4)).Message;
        StringAssert.Contains(message, said);
    }

    [TestMethod]
    public void The_reference_refuses_the_same_layers()
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(Goldens.Root("reference/text/cases.json")));
        JsonElement[] recorded =
            [.. cases.RootElement.EnumerateArray().Where(one => one.GetProperty("function").GetString() == "validate_memory_layers")];
        Assert.IsNotEmpty(recorded);
        foreach (JsonElement one in recorded)
        {
            int[] layers = [.. one.GetProperty("args")[0].EnumerateArray().Select(layer => layer.GetInt32())];
            MemoryOptions options = new() { MemoryLayers = layers };
            int count = one.GetProperty("args")[1].GetInt32();
            if (one.TryGetProperty("error", out _))
            {
                Assert.ThrowsExactly<ArgumentException>(() => options.LayersIn(count), one.GetRawText());
            }
            else
            {
                CollectionAssert.AreEquivalent(layers, options.LayersIn(count).ToArray());
            }
        }
    }

    [TestMethod]
    public void Senseless_figures_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TinyGmt(TinyGmt.Options with { MemoryTokens = 0 }));
        Assert.ThrowsExactly<ArgumentException>(() => new TinyGmt(TinyGmt.Options with { MemoryHeads = 3 }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TinyGmt(TinyGmt.Options with { Lora = new LoraOptions { Rank = -1 } }));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => new TinyGmt(TinyGmt.Options with { Lora = new LoraOptions { Dropout = 1 } }));
    }
}
