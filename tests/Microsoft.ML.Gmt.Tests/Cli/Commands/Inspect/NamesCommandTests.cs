using System.Text.Json;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class NamesCommandTests
{
    [TestMethod]
    public void Entities_of_a_file_are_listed_by_how_often_they_occur()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write(
            "facts.csv", "head,relation,tail\nvalve,made of,bronze\npipe,made of,bronze\nvalve,fits,pipe\nvalve,fits,pump\n");
        JsonElement all = GmtRun.Json("entities", "--graph", file);
        Assert.AreEqual(4, all.GetProperty("entities").GetInt32());
        JsonElement[] rows = [.. all.GetProperty("list").EnumerateArray()];
        CollectionAssert.AreEqual(
            new[] { "valve", "bronze", "pipe", "pump" }, rows.Select(row => row.GetProperty("name").GetString()).ToArray());
        Assert.AreEqual(3, rows[0].GetProperty("training_triples_as_head").GetInt32());
        Assert.AreEqual(2, rows[1].GetProperty("as_tail").GetInt32());

        JsonElement found = GmtRun.Json("entities", "--graph", file, "--find", "P", "--top", "1");
        Assert.AreEqual(2, found.GetProperty("found").GetInt32());
        Assert.AreEqual(1, found.GetProperty("not_listed").GetInt32());
        Assert.AreEqual("pipe", found.GetProperty("list")[0].GetProperty("name").GetString());
    }

    [TestMethod]
    public void Relations_of_a_model_are_listed_as_comma_separated_values_too()
    {
        using var folder = new TemporaryFolder();
        string model = QuestionModels.First(folder);
        string[] lines = GmtRun.Of("relations", "--model", model, "--csv").Succeeded().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual("report,table,relations,name,label,training_triples", lines[0]);
        Assert.HasCount(2 + Pipelines.Graph.Relations.Count, lines);
        Assert.IsTrue(lines.Any(line => line.Contains(",speaks,speaks,", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Without_a_model_or_a_graph_there_is_nothing_to_list()
    {
        GmtRun run = GmtRun.Of("relations");
        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, "--model");
        Assert.AreEqual(2, GmtRun.Of("relations", "--graph", "x.csv", "--csv", "--json").ExitCode);
    }
}
