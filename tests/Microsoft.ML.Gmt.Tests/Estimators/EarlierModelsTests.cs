using System.Text.Json.Nodes;
using Microsoft.ML.Gmt.Tests.Cli;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Models that an earlier version wrote still load, and answer what they answered then; see <c>tests/earlier-models</c>.</summary>
[TestClass]
public sealed class EarlierModelsTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static string Folder => Path.Combine(Goldens.RepositoryRoot, "tests", "earlier-models");

    private static IEnumerable<string> Printed => Commands.Where(words => words[1] != "convert").Select(words => words[0]);

    private static IEnumerable<string> Converted => Commands.Where(words => words[1] == "convert").Select(words => words[0]);

    private static string[][] Commands => [.. File.ReadAllLines(PathOf("answers/commands.tsv")).Select(line => line.Split('\t'))];

    [TestMethod]
    [DataRow("sgm.zip")]
    [DataRow("facts.zip")]
    [DataRow("referred.zip")]
    [DataRow("sentences.zip")]
    public void An_archive_loads_and_its_columns_have_the_values_that_they_had(string archive)
    {
        ITransformer model = Ml.Model.Load(PathOf(archive), out DataViewSchema schema);
        using var owner = model as IDisposable;
        if (archive == "referred.zip")
        {
            Ml.Model.BindBaseModel(model, PathOf("base"));
        }

        JsonObject expected = JsonNode.Parse(File.ReadAllText(PathOf($"answers/{archive}.json")))!.AsObject();
        string[] inputs = [.. schema.Select(column => column.Name)];
        CollectionAssert.IsSubsetOf(inputs, expected.Select(column => column.Key).ToArray());
        IDataView result = model.Transform(EarlierAnswers.Rows(Ml, expected, inputs));
        foreach ((string name, JsonNode? values) in expected)
        {
            EarlierAnswers.AssertAlike(values, EarlierAnswers.Column(result, name, values!), $"{archive}, {name}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Printed))]
    public void A_command_prints_what_it_printed(string answer)
    {
        string output = GmtRun.Of(Arguments(answer)).Succeeded().Output.Replace(Folder + "/", "", StringComparison.Ordinal);
        string expected = File.ReadAllText(PathOf($"answers/{answer}"));
        if (answer.EndsWith(".json", StringComparison.Ordinal))
        {
            EarlierAnswers.AssertAlike(JsonNode.Parse(expected), JsonNode.Parse(output), answer);
        }
        else
        {
            Assert.AreEqual(expected, output);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Converted))]
    public void A_conversion_writes_the_settings_that_it_wrote(string answer)
    {
        using var folder = new TemporaryFolder();
        GmtRun.Of(Arguments(answer, folder["converted"])).Succeeded();
        string config = Directory.GetFiles(folder["converted"], "*_config.json").Single();
        JsonObject expected = JsonNode.Parse(File.ReadAllText(PathOf($"answers/{answer}")))!.AsObject();
        JsonObject actual = JsonNode.Parse(File.ReadAllText(config))!.AsObject();

        // Stage 1 records its mask since, and both stages how the graph was divided and what was learned from.
        string[] recorded = [.. expected.Select(setting => setting.Key)], written = [.. actual.Select(setting => setting.Key)];
        string[] mask = answer.Contains("sgm", StringComparison.Ordinal) ? ["mask_query", "mask_query_in_contexts"] : [];
        CollectionAssert.AreEqual(recorded, written.Where(recorded.Contains).ToArray());
        string[] since = [.. mask, "validation_fraction", "test_fraction", "split_seed", "training_triples"];
        CollectionAssert.IsSubsetOf(written.Except(recorded).ToArray(), since);
        CollectionAssert.IsSubsetOf(mask, written);
        foreach ((string name, JsonNode? value) in expected.Where(setting => setting.Key is not ("base_model" or "output_dir")))
        {
            EarlierAnswers.AssertAlike(value, actual[name], name);
        }
    }

    private static string PathOf(string name) => $"{Folder}/{name}";

    private static string[] Arguments(string answer, string target = "")
    {
        string[] words = Commands.Single(words => words[0] == answer)[1..];
        return [.. words.Select(word => word == "TARGET" ? target : Path.Exists(PathOf(word)) ? PathOf(word) : word)];
    }
}
