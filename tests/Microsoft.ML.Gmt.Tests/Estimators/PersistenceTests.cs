using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class PersistenceTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    [DataRow("transform")]
    [DataRow("transform-without-json-reflection")]
    public void A_process_that_never_touched_the_library_gets_the_same_bits(string verb)
    {
        using var folder = new TemporaryFolder();
        IDataView rows = Pipelines.Graph.ToDataView(GraphSplit.Test);
        using SgmTransformer model = Pipelines.Fit();
        Ml.Model.Save(model, rows.Schema, folder["model.zip"]);
        TripleRow[] triples = [.. Ml.Data.CreateEnumerable<TripleRow>(rows, reuseRowObject: false)];
        folder.With("rows.tsv", string.Concat(triples.Select(row => $"{row.Head}\t{row.Relation}\t{row.Tail}\n")));

        (int exitCode, string output, string error) = ProbeProcess.Run($"{verb} {folder["model.zip"]} {folder["rows.tsv"]}");
        Assert.AreEqual(0, exitCode, error);
        ScoredRow[] scored = [.. Ml.Data.CreateEnumerable<ScoredRow>(model.Transform(rows), reuseRowObject: false)];
        PredictionEngine<TripleRow, ScoredRow> engine = Ml.Model.CreatePredictionEngine<TripleRow, ScoredRow>(model);
        string[] expected = ["library loaded: False", .. scored.Select(Bits), Bits(engine.Predict(triples[0]))];
        CollectionAssert.AreEqual(expected, output.Split('\n'));
    }

    [TestMethod]
    public void Settings_that_an_archive_does_not_name_have_their_defaults()
    {
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(
            GmtPipelines.Options with { Training = new GmtTrainingOptions { NumberOfEpochs = 1 } });
        GmtTransformerSettings settings = chain.LastTransformer.Settings;
        JsonObject json = JsonSerializer.SerializeToNode(settings, ModelJson.Options)!.AsObject();
        foreach (string part in new[] { "graphModule", "memory", "text", "columns", "outputs" })
        {
            json[part] = new JsonObject();
        }

        GmtTransformerSettings read = json.Deserialize<GmtTransformerSettings>(ModelJson.Options)!;
        Assert.AreEqual(new SgmOptions(), read.GraphModule);
        Assert.AreEqual(new GmtTextOptions(), read.Text);
        Assert.AreEqual(new TripleColumnNames(), read.Columns);
        Assert.AreEqual(new GmtOutputColumnNames(), read.Outputs);
        Assert.AreEqual(new MemoryOptions().MemoryTokens, read.Memory.MemoryTokens);
        Assert.AreEqual(settings.Mask, read.Mask);
    }

    [TestMethod]
    public void A_chain_is_saved_with_its_transformers_and_without_its_evidence()
    {
        IDataView data = Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);
        TransformerChain<ITransformer> chain = Ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options)
            .Append(Ml.Transforms.CopyColumns("Handed on", "Evidence"))
            .Append((IEstimator<ITransformer>)Ml.Transforms.CopyColumns("Copy", "Score"))
            .Fit(data);
        using var stream = new MemoryStream();
        Ml.Model.Save(chain, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = Ml.Model.Load(stream, out _);
        CollectionAssert.AreEqual(
            chain.Transform(data).GetColumn<float>("Copy").ToArray(), loaded.Transform(data).GetColumn<float>("Copy").ToArray());
        CollectionAssert.AreEqual(
            chain.Transform(data).GetColumn<GraphEvidence>("Handed on").Select(evidence => evidence.Triple).ToArray(),
            loaded.Transform(data).GetColumn<GraphEvidence>("Handed on").Select(evidence => evidence.Triple).ToArray());
        using var archive = new ZipArchive(stream);
        string[] sgm = [.. archive.Entries.Select(entry => entry.FullName.Replace('\\', '/')).Where(name => name.Contains("Transform_000", StringComparison.Ordinal))];
        string[] files = ["Model.key", "config.json", "weights.safetensors", "graph.gmtgraph", "history.csv", "manifest.txt"];
        foreach (string file in files)
        {
            Assert.IsTrue(
                sgm.Any(name => name.EndsWith($"/{file}", StringComparison.Ordinal)), $"{file} is not among {string.Join(", ", sgm)}");
        }

        chain.Dispose();
        (loaded as IDisposable)!.Dispose();
    }

    [TestMethod]
    public void Saving_twice_gives_the_same_files()
    {
        using SgmTransformer model = Pipelines.Fit();
        CollectionAssert.AreEqual(Save(), Save());

        string[] Save()
        {
            using var stream = new MemoryStream();
            Ml.Model.Save(model, null, stream);
            using var archive = new ZipArchive(stream);
            return [.. archive.Entries.Select(entry => $"{entry.FullName} {entry.Crc32}")];
        }
    }

    [TestMethod]
    public void A_damaged_model_is_an_error_that_names_the_file()
    {
        using SgmTransformer model = Pipelines.Fit();
        using var folder = new TemporaryFolder();
        (string File, Func<byte[], byte[]?> Damage, string Message)[] cases =
        [
            ("graph.gmtgraph", _ => null, "graph.gmtgraph"),
            ("config.json", _ => "{"u8.ToArray(), "config.json"),
            ("weights.safetensors", bytes => bytes[..^100], "weights.safetensors"),
            ("history.csv", bytes => [.. bytes, .. "1,2\n"u8], "training history is malformed: '1,2'"),
            ("history.csv", bytes => [.. bytes, .. new byte[1000]], "more than 512 characters"),
        ];
        foreach ((string file, Func<byte[], byte[]?> damage, string message) in cases)
        {
            // Damaged by accident, and as if it had been saved so.
            foreach (bool isListed in new[] { false, true })
            {
                string path = folder[$"{file}.zip"];
                Ml.Model.Save(model, null, path);
                ArchiveFile.Change(path, file, damage, isListed);
                Exception error = Assert.Throws<Exception>(() => Ml.Model.Load(path, out _));
                StringAssert.Contains(AllMessages(error), message);
                StringAssert.Contains(AllMessages(error), isListed ? "" : $"TransformerChain/{file}: ");
            }
        }
    }

    private static string AllMessages(Exception? error)
    {
        var text = new StringBuilder();
        for (; error is not null; error = error.InnerException)
        {
            text.AppendLine(error.Message);
        }

        return text.ToString();
    }

    private static string Bits(ScoredRow row) =>
        string.Join(
            ' ',
            row.HeadEmbedding.Concat(row.TailEmbedding).Prepend(row.Score).Select(value => $"{BitConverter.SingleToInt32Bits(value):x8}"));
}
