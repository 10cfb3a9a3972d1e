using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>
/// Settings in archives are data from elsewhere: what cannot be is refused when the archive is loaded, before memory is taken.
/// </summary>
[TestClass]
public sealed class SavedSettingsTests
{
    private const long Plenty = 256L << 20;

    [TestMethod]
    [DataRow("sgm.zip", "graphModule", "null", "graphModule")]
    [DataRow("sgm.zip", "graphModule.graphDimension", "0", "graphDimension")]
    [DataRow("sgm.zip", "graphModule.graphDimension", "-16", "graphDimension")]
    [DataRow("sgm.zip", "graphModule.graphDimension", "12000", "the file")]
    [DataRow("sgm.zip", "graphModule.graphDimension", "2147483646", "graphDimension")]
    [DataRow("sgm.zip", "graphModule.layers", "20000", "layers")]
    [DataRow("sgm.zip", "graphModule.layers", "1", "unexpected")]
    [DataRow("sgm.zip", "graphModule.heads", "0", "heads")]
    [DataRow("sgm.zip", "graphModule.topK", "0", "topK")]
    [DataRow("sgm.zip", "graphModule.dropout", "1e300", "dropout")]
    [DataRow("sgm.zip", "columns", "null", "columns")]
    [DataRow("sgm.zip", "columns.head", "null", "head")]
    [DataRow("sgm.zip", "columns.tail", "\"\"", "Tail")]
    [DataRow("sgm.zip", "outputs.score", "null", "score")]
    [DataRow("sgm.zip", "outputs.score", "\"Probability\"", "distinct")]
    [DataRow("sgm.zip", "batchSize", "0", "batchSize")]
    [DataRow("sgm.zip", "batchSize", "-1", "batchSize")]
    [DataRow("sgm.zip", "batchSize", "1e10", "batchSize")]
    [DataRow("sgm.zip", "batchSize", "\"7\"", "batchSize")]
    [DataRow("facts.zip", "memory", "null", "memory")]
    [DataRow("facts.zip", "memory.memoryTokens", "100000000", "memoryTokens")]
    [DataRow("facts.zip", "memory.memoryTokens", "0", "memoryTokens")]
    [DataRow("facts.zip", "memory.memoryHeads", "3", "heads")]
    [DataRow("facts.zip", "memory.memoryLayers", "[1]", "memoryLayers")]
    [DataRow("facts.zip", "memory.memoryLayers", "[null]", "memoryLayers")]
    [DataRow("facts.zip", "memory.lora", "null", "lora")]
    [DataRow("facts.zip", "memory.lora.rank", "10000000", "rank")]
    [DataRow("facts.zip", "memory.lora.rank", "-1", "rank")]
    [DataRow("facts.zip", "graphModule.layers", "2147483647", "layers")]
    [DataRow("facts.zip", "graphModule.graphDimension", "12000", "graphDimension")]
    [DataRow("facts.zip", "text", "null", "text")]
    [DataRow("facts.zip", "text.prompt", "null", "prompt")]
    [DataRow("facts.zip", "text.prompt.instruction", "\"{nothing}\"", "nothing")]
    [DataRow("facts.zip", "text.prompt.trueAnswer", "null", "trueAnswer")]
    [DataRow("facts.zip", "text.template.prompt_input", "null", "prompt_input")]
    [DataRow("facts.zip", "text.maxNewTokens", "0", "maxNewTokens")]
    [DataRow("facts.zip", "text.cutoffLength", "-5", "cutoffLength")]
    [DataRow("facts.zip", "mask", "null", "mask")]
    [DataRow("facts.zip", "outputs.response", "\"Certainty\"", "distinct")]
    [DataRow("facts.zip", "baseModel", "null", "baseModel")]
    [DataRow("facts.zip", "baseModel.files", "null", "files")]
    [DataRow("facts.zip", "baseModel.files", "{\"config.json\": -1}", "files")]
    [DataRow("facts.zip", "baseModel.files", "{\"a\": 9223372036854775807, \"b\": 1}", "files")]
    [DataRow("facts.zip", "baseModel.files", "{\"../escape\": 1}", "no name inside a folder")]
    [DataRow("facts.zip", "baseModel.files", "{\".in-use\": 1}", "no name inside a folder")]
    [DataRow("facts.zip", "baseModel.files", "{\"1.safetensors/config.json\": 1, \"1.safetensors\": 1}", "no name inside a folder")]
    [DataRow("facts.zip", "baseModel.headerHash", "null", "headerHash")]
    [DataRow("facts.zip", "baseModel.headerHash", "\"12\"", "hashes")]
    [DataRow("facts.zip", "storage", "7", "storage")]
    [DataRow("facts.zip", "storage", "\"Automatic\"", "storage")]
    [DataRow("facts.zip", "computeType", "\"Int64\"", "computeType")]
    [DataRow("facts.zip", "batchSize", "0", "batchSize")]
    [DataRow("facts.zip", "explanationEdges", "-1", "explanationEdges")]
    [DataRow("sentences.zip", "dimension", "0", "dimension")]
    [DataRow("sentences.zip", "dimension", "2147483647", "dimension")]
    [DataRow("sentences.zip", "inputColumnName", "null", "inputColumnName")]
    [DataRow("sentences.zip", "batchSize", "0", "batchSize")]
    public void A_setting_that_cannot_be_is_refused_by_its_name(string archive, string setting, string value, string named)
    {
        using var folder = new TemporaryFolder();
        string path = Changed(folder, archive, setting, value);
        long before = Process.GetCurrentProcess().PeakWorkingSet64;
        GmtFileException error = Refusal(path);
        Assert.IsTrue(error.Message.Contains(named, StringComparison.OrdinalIgnoreCase), error.Message);
        Assert.IsLessThan(Plenty, Process.GetCurrentProcess().PeakWorkingSet64 - before,
            "nothing of the size that was asked for was taken");
    }

    [TestMethod]
    [DataRow("files")]
    [DataRow("headerHash")]
    public void A_setting_that_is_missing_is_refused_by_its_name(string setting)
    {
        using var folder = new TemporaryFolder();
        string path = Copy(folder, "facts.zip");
        ArchiveFile.Replace(path, "Transform_001/config.json", $"\"{setting}\":", "\"another\":");
        StringAssert.Contains(Refusal(path).Message, $"'{setting}'");
    }

    [TestMethod]
    public void A_setting_that_is_said_twice_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Copy(folder, "sgm.zip");
        ArchiveFile.Replace(path, "config.json", "\"batchSize\":", "\"batchSize\": 3,\n  \"batchSize\":");
        StringAssert.Contains(Refusal(path).Message, "batchSize");
    }

    [TestMethod]
    public void More_edges_of_a_context_than_a_neighbor_has_take_no_room_and_change_nothing()
    {
        var ml = new MLContext();
        string[] values = ["64", "65535"];
        float[][] scores = Array.ConvertAll(values, value =>
        {
            using var own = new TemporaryFolder();
            using var model = (SgmTransformer)ml.Model.Load(Changed(own, "sgm.zip", "graphModule.topK", value), out _);
            IDataView rows = model.Graph.ToDataView(GraphSplit.Test);
            return model.Transform(rows).GetColumn<float>("Score").ToArray();
        });
        CollectionAssert.AreEqual(scores[0], scores[1]);
    }

    [TestMethod]
    public void A_sentence_model_of_another_width_is_refused_when_it_is_loaded()
    {
        using var folder = new TemporaryFolder();
        using var model = (SentenceEmbeddingTransformer)new MLContext().Model.Load(Changed(folder, "sentences.zip", "dimension", "7"),
            out _);
        StringAssert.Contains(Assert.ThrowsExactly<GmtFileException>(() => model.Model.Get()).Message, "the transformer was made for 7");
    }

    [TestMethod]
    [DataRow(1_000_000)]
    public void A_row_of_a_model_that_may_write_very_much_ends_at_the_models_last_position(int maxNewTokens)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(Changed(folder, "facts.zip", "text.maxNewTokens", $"{maxNewTokens}"), out _);
        using var owner = model as IDisposable;
        IDataView rows = ml.Data.LoadFromEnumerable(new[] { new Question { Subject = "E1", Predicate = "P1", Object = "E2" } });
        long before = Process.GetCurrentProcess().PeakWorkingSet64;
        Assert.IsNotNull(model.Transform(rows).GetColumn<string>("Words").Single());
        Assert.IsLessThan(Plenty, Process.GetCurrentProcess().PeakWorkingSet64 - before, "nothing is reserved for what cannot be written");
    }

    [TestMethod]
    [DataRow("weights.safetensors")]
    [DataRow("graph.gmtgraph")]
    [DataRow("history.csv")]
    [DataRow("config.json")]
    [DataRow("base-model.safetensors")]
    public void An_entry_that_would_unpack_to_gigabytes_is_refused_before_it_is_unpacked(string entry)
    {
        using var folder = new TemporaryFolder();
        string path = Copy(folder, "facts.zip"), name = $"TransformerChain/Transform_001/{entry}";
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            archive.Entries.Single(other => other.FullName.Replace('\\', '/') == name).Delete();
            using Stream stream = archive.CreateEntry(name).Open();
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 300; i++)
            {
                stream.Write(zeros);
            }
        }

        long before = Process.GetCurrentProcess().PeakWorkingSet64;
        GmtFileException error = Refusal(path);
        StringAssert.Contains(error.Message, $"{name}: it would unpack");
        Assert.IsLessThan(Plenty, Process.GetCurrentProcess().PeakWorkingSet64 - before);
    }

    private static string Copy(TemporaryFolder folder, string archive)
    {
        File.Copy(Path.Combine(Goldens.RepositoryRoot, "tests", "earlier-models", archive), folder[archive]);
        return folder[archive];
    }

    private static string Changed(TemporaryFolder folder, string archive, string setting, string value)
    {
        string path = Copy(folder, archive), entry = archive == "facts.zip" ? "Transform_001/config.json" : "/config.json";
        ArchiveFile.Change(path, entry, bytes =>
        {
            JsonNode config = JsonNode.Parse(bytes)!;
            string[] names = setting.Split('.');
            JsonObject owner = names[..^1].Aggregate(config, (node, name) => node[name]!).AsObject();
            Assert.IsTrue(owner.ContainsKey(names[^1]), setting);
            owner[names[^1]] = JsonNode.Parse(value);
            return Encoding.UTF8.GetBytes(config.ToJsonString());
        });
        return path;
    }

    private static GmtFileException Refusal(string path)
    {
        Exception? error = Assert.Throws<Exception>(() => new MLContext().Model.Load(path, out _));
        for (; error is not null; error = error.InnerException)
        {
            if (error is GmtFileException file)
            {
                return file;
            }
        }

        throw new AssertFailedException("another exception");
    }

    private sealed class Question
    {
        public string Subject { get; set; } = "";

        public string Predicate { get; set; } = "";

        public string Object { get; set; } = "";
    }
}
