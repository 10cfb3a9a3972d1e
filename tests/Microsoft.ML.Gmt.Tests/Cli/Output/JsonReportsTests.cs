using System.Text.Json;
using Microsoft.ML.Gmt.Cli.Commands;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class JsonReportsTests
{
    private static readonly NamedTriple Edge = new(new("a", "1", "a"), new("r", "2", "r"), new("b", "3", "b"));

    [TestMethod]
    public void There_is_a_key_for_each_fact_and_column()
    {
        Report report = new Report("t").About("relation", new NamedItem("capital (P36)", "P36", "capital"))
            .With("size in memory", new ByteSize(1500)).With("ok", true).With("ids", new[] { 1, 2 }).With("nan", double.NaN)
            .With(new ReportTable("the rows", ["Hits@1", "none"], [[0.5, null]]))
            .With(new ReportTable("edges", ["edge"], [[Edge]]));
        using StringWriter output = new();
        JsonReports.Write(output, [report]);
        using var json = JsonDocument.Parse(output.ToString());
        Assert.AreEqual(1500, json.RootElement.GetProperty("size_in_memory").GetInt64());
        Assert.AreEqual(2, json.RootElement.GetProperty("ids").GetArrayLength());
        Assert.AreEqual(JsonValueKind.Null, json.RootElement.GetProperty("nan").ValueKind);
        Assert.AreEqual("P36", json.RootElement.GetProperty("relation").GetProperty("name").GetString());
        Assert.AreEqual("capital", json.RootElement.GetProperty("relation").GetProperty("label").GetString());
        JsonElement row = json.RootElement.GetProperty("the_rows")[0];
        Assert.AreEqual(0.5, row.GetProperty("hits@1").GetDouble());
        Assert.AreEqual(JsonValueKind.Null, row.GetProperty("none").ValueKind);
        JsonElement edge = json.RootElement.GetProperty("edges")[0];
        Assert.AreEqual("(a, r, b)", edge.GetProperty("edge").GetString());
        Assert.AreEqual("3", edge.GetProperty("tail").GetProperty("name").GetString());
    }
}
