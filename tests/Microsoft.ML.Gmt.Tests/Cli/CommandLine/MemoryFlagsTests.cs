using System.Text.Json;
using Microsoft.ML.Gmt.Cli.CommandLine;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>The list of memory layers is read as the scripts read it.</summary>
[TestClass]
public sealed class MemoryFlagsTests
{
    [TestMethod]
    public void Layers_are_those_that_the_reference_reads()
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(Goldens.Root("reference/text/cases.json")));
        JsonElement[] recorded =
            [.. cases.RootElement.EnumerateArray().Where(one => one.GetProperty("function").GetString() == "parse_layers")];
        Assert.IsNotEmpty(recorded);
        foreach (JsonElement one in recorded)
        {
            (string list, bool fromOne) = (one.GetProperty("args")[0].GetString()!, one.GetProperty("args")[1].GetBoolean());
            if (one.TryGetProperty("error", out _))
            {
                Assert.ThrowsExactly<CommandFailure>(() => new MemoryFlags().ParseLayers(list, fromOne), one.GetRawText());
            }
            else
            {
                int[] expected = [.. one.GetProperty("result").EnumerateArray().Select(layer => layer.GetInt32())];
                CollectionAssert.AreEqual(expected, (new MemoryFlags().ParseLayers(list, fromOne) ?? []).ToArray(), one.GetRawText());
            }
        }
    }
}
