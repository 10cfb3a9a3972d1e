using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed partial class BatchSizesTests
{
    [TestMethod]
    public void Accumulation_steps_and_refusals_equal_the_reference()
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Goldens.Root("reference"), "text", "cases.json")));
        JsonElement[] calls = [.. cases.RootElement.EnumerateArray().Where(call => call.GetProperty("function").GetString() == "compute_gradient_accumulation_steps")];
        Assert.AreNotEqual(0, calls.Length);
        foreach (JsonElement call in calls)
        {
            int[] sizes = [.. call.GetProperty("args").EnumerateArray().Select(size => size.GetInt32())];
            BatchSizes Make() => new(sizes[0], sizes[1], sizes[2]);
            if (call.TryGetProperty("result", out JsonElement expected))
            {
                Assert.AreEqual(expected.GetInt32(), Make().AccumulationSteps, call.GetRawText());
                continue;
            }

            // Our own words with the same figures.
            string message = Assert.Throws<ArgumentException>(() => Make()).Message;
            foreach (Match figure in Figures().Matches(call.GetProperty("error").GetProperty("message").GetString()!))
            {
                StringAssert.Contains(message, $"({figure.Value})", StringComparison.Ordinal);
            }
        }
    }

    [GeneratedRegex(@"\d+")]
    private static partial Regex Figures();
}
