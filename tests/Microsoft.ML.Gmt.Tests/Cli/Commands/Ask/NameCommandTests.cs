using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>Names that people type, and labels that several go by, in <c>gmt rank</c> and <c>gmt evaluate</c>.</summary>
[TestClass]
public sealed class NameCommandTests
{
    private static TemporaryFolder s_folder = null!;

    private static string Model => s_folder["model.zip"];

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_folder = new TemporaryFolder();
        using SgmTransformer model = Pipelines.Fit(graph: Make());
        new MLContext().Model.Save(model, null, Model);
    }

    [ClassCleanup]
    public static void Remove() => s_folder.Dispose();

    [TestMethod]
    public void A_process_of_its_own_finds_the_other_normal_form_and_says_so()
    {
        // The program runs with invariant globalization, where .NET normalizes nothing.
        GmtRun exact = GmtRun.Finish(GmtRun.Start(Rank("Z\u00FCrich"))).Succeeded();
        GmtRun other = GmtRun.Finish(GmtRun.Start(Rank(" Zu\u0308rich\u200B"))).Succeeded();
        Assert.AreEqual(Entities(exact.Output), Entities(other.Output));
        Assert.AreEqual("", exact.Error);
        StringAssert.Contains(
            other.Error, "is taken for the entity 'Z\u00FCrich'; blanks, invisible characters or Unicode's normal form differ");
    }

    [TestMethod]
    public void Another_case_is_said_and_a_label_is_not()
    {
        GmtRun label = GmtRun.Of(Rank("First city")).Succeeded(), name = GmtRun.Of(Rank("C1")).Succeeded();
        Assert.AreEqual((Entities(name.Output), ""), (Entities(label.Output), label.Error));
        StringAssert.Contains(
            GmtRun.Of(Rank("FIRST CITY")).Succeeded().Error,
            "warning: 'FIRST CITY' is taken for the entity 'C1'; case, and perhaps blanks, differ");
    }

    [TestMethod]
    public void A_label_of_several_is_refused_with_their_names_and_shown_with_them()
    {
        GmtRun run = GmtRun.Of(Rank("Gordon"));
        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Error, "'Gordon' may be G1, G2; name the entity by one of these");
        StringAssert.Contains(
            GmtRun.Of("rank", "--head", "C1", "--relation", "located in", "--model", Model).Error, "may be P1, P2; name the relation");
        string shown = GmtRun.Of([.. Rank("C1"), "--top", "1000"]).Succeeded().Output;
        StringAssert.Contains(shown, "\"Gordon (G1)\"");
        StringAssert.Contains(shown, "\"Gordon (G2)\"");
        StringAssert.Contains(shown, "\"First city\"");
    }

    [TestMethod]
    public void Relations_of_one_label_are_rows_of_their_own()
    {
        using JsonDocument reports = JsonDocument.Parse(
            GmtRun.Of("evaluate", "--model", Model, "--by_relation", "--negatives", "labels", "--json").Succeeded().Output);
        (string, string, int)[] rows =
        [
            .. reports.RootElement.GetProperty("relations").EnumerateArray().Select(row =>
                (row.GetProperty("relation").GetString()!, row.GetProperty("label").GetString()!, row.GetProperty("queries").GetInt32())),
        ];
        CollectionAssert.AreEqual(new[] { ("P1", "located in", 4), ("P2", "located in", 2), ("near", "near", 2) }, rows);
        Assert.AreEqual(0, reports.RootElement.GetProperty("left_out_for_unknown_names").GetInt32());
    }

    private static string[] Rank(string head) => ["rank", "--head", head, "--relation", "near", "--model", Model, "--json"];

    private static string Entities(string output)
    {
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.GetProperty("entities_by_score").GetRawText();
    }

    private static KnowledgeGraph Make()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.AddRelation("P1", "located in");
        builder.AddRelation("P2", "located in");
        builder.AddEntity("C1", "First city");
        builder.AddEntity("G1", "Gordon");
        builder.AddEntity("G2", "Gordon");
        string[] names = ["C1", "G1", "G2", "Z\u00FCrich", "C5", "C6", "C7", "C8"];
        for (int i = 0; i < names.Length; i++)
        {
            builder.Add(names[i], "P1", names[(i + 1) % names.Length]);
            builder.Add(names[i], "P2", names[(i + 2) % names.Length]);
            builder.Add(names[i], "near", names[(i + 3) % names.Length]);
        }

        builder.Add("C1", "P1", "C7", GraphSplit.Test);
        builder.Add("G1", "P1", "C8", GraphSplit.Test);
        builder.Add("C5", "P2", "G1", GraphSplit.Test);
        builder.Add("C6", "near", "C7", GraphSplit.Test);
        return builder.Build();
    }
}
