using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>
/// A damaged archive is never taken for another model. <c>GMT_FLIPS=1000</c> flips as many single bits in each archive, and prints what
/// came of them.
/// </summary>
[TestClass]
public sealed class ArchiveIntegrityTests
{
    private static readonly int Flips = int.Parse(Environment.GetEnvironmentVariable("GMT_FLIPS") ?? "40", CultureInfo.InvariantCulture);

    private static readonly string[] OwnFiles = ["config.json", "weights.safetensors", "graph.gmtgraph", "history.csv", "manifest.txt"];

    /// <summary>Takes the number of each outcome.</summary>
    public required TestContext TestContext { get; set; }

    [TestMethod]
    [DataRow(BaseModelStorage.Embedded)]
    [DataRow(BaseModelStorage.Referenced)]
    public void A_flipped_bit_is_refused_with_the_entry_or_changes_nothing(BaseModelStorage storage)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        using (TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(GmtPipelines.Options with { EmbedBaseModel = storage }))
        {
            new MLContext().Model.Save(chain, GmtPipelines.Data.Schema, folder["model.zip"]);
        }

        byte[] saved = File.ReadAllBytes(folder["model.zip"]);
        IReadOnlyList<(string Name, int Start, int End)> entries = ArchiveFile.Layout(saved);
        string expected = Answers(saved);
        var random = new System.Random(20261127);
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int flip = 0; flip < Flips; flip++)
        {
            int bit = random.Next(saved.Length * 8);
            byte[] flipped = [.. saved];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            string? entry = entries.Where(entry => bit / 8 >= entry.Start && bit / 8 < entry.End).Select(entry => entry.Name)
                .SingleOrDefault();
            bool isOwn = entry is not null && IsOwn(entry);
            string outcome = Outcome(saved, flipped, expected, isOwn ? entry : null,
                $"bit {bit % 8} of byte {bit / 8}, in {entry ?? "a field of the archive"}");
            string place = isOwn ? "an entry of ours" : entry is null ? "a field of the archive" : "an entry of ML.NET";
            outcomes[$"{place}: {outcome}"] = outcomes.GetValueOrDefault($"{place}: {outcome}") + 1;
        }

        foreach ((string outcome, int count) in outcomes)
        {
            TestContext.WriteLine($"{storage}, {outcome}: {count}");
        }
    }

    [TestMethod]
    public void Every_bit_outside_the_data_of_our_entries_is_refused_or_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        using (SgmTransformer model = Pipelines.Fit())
        {
            new MLContext().Model.Save(model, Pipelines.Graph.ToDataView().Schema, folder["model.zip"]);
        }

        byte[] saved = File.ReadAllBytes(folder["model.zip"]);
        IReadOnlyList<(string Name, int Start, int End)> own = [.. ArchiveFile.Layout(saved).Where(entry => IsOwn(entry.Name))];
        string expected = Answers(saved);
        int step = Math.Max(1, 4000 / Flips);
        var outcomes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (int bit = 0; bit < saved.Length * 8; bit += own.Any(entry => bit / 8 >= entry.Start && bit / 8 < entry.End) ? 997 : step)
        {
            byte[] flipped = [.. saved];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            string? entry = own.Where(entry => bit / 8 >= entry.Start && bit / 8 < entry.End).Select(entry => entry.Name).SingleOrDefault();
            string outcome = Outcome(saved, flipped, expected, entry, $"bit {bit % 8} of byte {bit / 8}, in {entry ?? "something else"}");
            outcome = $"{(entry is null ? "elsewhere" : "an entry of ours")}: {outcome}";
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        foreach ((string outcome, int count) in outcomes)
        {
            TestContext.WriteLine($"{outcome}: {count}");
        }
    }

    [TestMethod]
    public void A_model_without_its_list_of_hashes_or_with_a_list_that_its_version_had_not_is_refused()
    {
        using var folder = new TemporaryFolder();
        using SgmTransformer model = Pipelines.Fit();
        string path = folder["model.zip"];
        new MLContext().Model.Save(model, null, path);
        byte[] saved = File.ReadAllBytes(path);
        ArchiveFile.Change(path, "manifest.txt", _ => null, isListed: false);
        StringAssert.Contains(Refusal(File.ReadAllBytes(path)), "manifest.txt");
        string earlier = Path.Combine(Goldens.RepositoryRoot, "tests", "earlier-models", "sgm.zip");
        File.Copy(earlier, folder["earlier.zip"]);
        using (ZipArchive archive = ZipFile.Open(folder["earlier.zip"], ZipArchiveMode.Update))
        {
            using var writer = new StreamWriter(archive.CreateEntry("TransformerChain/manifest.txt").Open());
            writer.Write(new Manifest().ToText());
        }

        StringAssert.Contains(Refusal(File.ReadAllBytes(folder["earlier.zip"])), "which version 0x00010001 of this model had not");
        File.WriteAllBytes(path, saved);
        ArchiveFile.Change(path, "history.csv", bytes => bytes[..^1], isListed: false);
        StringAssert.Contains(Refusal(File.ReadAllBytes(path)), "TransformerChain/history.csv: it has");
    }

    [TestMethod]
    public void An_archive_of_an_earlier_version_loads_with_a_warning_and_a_new_one_without()
    {
        var ml = new MLContext();
        List<string> warnings = ml.Messages();
        using (ml.Model.Load(Path.Combine(Goldens.RepositoryRoot, "tests", "earlier-models", "sgm.zip"), out _) as IDisposable)
        {
        }

        StringAssert.Contains(string.Join('\n', warnings), "earlier version, without hashes");
        warnings.Clear();
        using SgmTransformer model = Pipelines.Fit();
        using var stream = new MemoryStream();
        ml.Model.Save(model, null, stream);
        using (ml.Model.Load(stream, out _) as IDisposable)
        {
        }

        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void An_archive_of_an_earlier_version_is_compared_with_its_checksums()
    {
        byte[] saved = File.ReadAllBytes(Path.Combine(Goldens.RepositoryRoot, "tests", "earlier-models", "sgm.zip"));
        foreach ((string name, int start, int end) in ArchiveFile.Layout(saved))
        {
            byte[] flipped = [.. saved];
            flipped[(start + end) / 2] ^= 4;
            string refusal = Refusal(flipped);
            Assert.IsTrue(refusal.Contains(name, StringComparison.Ordinal) || !OwnFiles.Contains(Path.GetFileName(name)),
                $"{name}: {refusal}");
        }
    }

    private static bool IsOwn(string entry) =>
        OwnFiles.Contains(Path.GetFileName(entry)) || Path.GetFileName(entry).StartsWith("base-", StringComparison.Ordinal);

    /// <summary>
    /// Refused with the entry's name, or the same answers. Deflation leaves bits over (the last byte's), and may say one thing in two ways:
    /// where an entry of ours is taken, it must unpack to the very bytes that were saved.
    /// </summary>
    private static string Outcome(byte[] saved, byte[] archive, string expected, string? entry, string what)
    {
        string answers;
        try
        {
            answers = Answers(archive);
        }
        catch (Exception e)
        {
            string messages = AllMessages(e);
            Assert.IsTrue(entry is null || messages.Contains(entry, StringComparison.Ordinal), $"{what}: {messages}");
            return "refused";
        }

        Assert.AreEqual(expected, answers, what);
        if (entry is not null)
        {
            CollectionAssert.AreEqual(Unpacked(saved, entry), Unpacked(archive, entry), what);
            return "unpacks to the same bytes";
        }

        return "changed nothing";
    }

    private static byte[] Unpacked(byte[] archive, string entry)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        using Stream stream = zip.Entries.Single(other => other.FullName.Replace('\\', '/') == entry).Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static string Refusal(byte[] archive)
    {
        try
        {
            Answers(archive);
        }
        catch (Exception e)
        {
            return AllMessages(e);
        }

        throw new AssertFailedException("the archive was taken");
    }

    /// <summary>What a model says of twelve triples.</summary>
    private static string Answers(byte[] archive)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(new MemoryStream(archive), out _);
        using var owner = model as IDisposable;
        IDataView rows = ml.Data.TakeRows(Pipelines.Graph.ToLabeledDataView(GraphSplit.Test), 12);
        IDataView judged = model.Transform(rows);
        return string.Join('\n', new[] { "Score", "Probability", "PredictedLabel", "Response", "Explanation", "HeadEmbedding" }
            .Where(name => judged.Schema.GetColumnOrNull(name) is not null).Select(name => $"{name}: {Column(judged, name)}"));
    }

    private static string Column(IDataView data, string name) => data.Schema[name].Type switch
    {
        VectorDataViewType => string.Join(' ', data.GetColumn<float[]>(name).SelectMany(vector => vector).Select(
            BitConverter.SingleToInt32Bits)),
        TextDataViewType => string.Join(" | ", data.GetColumn<string>(name)),
        BooleanDataViewType => string.Join(' ', data.GetColumn<bool>(name)),
        _ => string.Join(' ', data.GetColumn<float>(name).Select(BitConverter.SingleToInt32Bits)),
    };

    private static string AllMessages(Exception error)
    {
        List<string> messages = [];
        for (Exception? next = error; next is not null; next = next.InnerException)
        {
            messages.Add(next.Message);
        }

        return string.Join('\n', messages);
    }
}
