using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

[TestClass]
public sealed class TorchFileWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void What_is_written_is_read_back_whatever_its_type_stride_or_place()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor tied = randn(3, 4);
        Dictionary<string, object?> written = new()
        {
            ["tensors"] = new Dictionary<string, Tensor>
            {
                ["fp16"] = randn(5).to(ScalarType.Float16),
                ["bf16"] = randn(5).to(ScalarType.BFloat16),
                ["fp64"] = randn(2, 2, dtype: ScalarType.Float64),
                ["bool"] = tensor(new[] { true, false }),
                ["i8"] = tensor(new sbyte[] { -1, 5 }),
                ["transposed"] = randn(4, 6).t(),
                ["slice"] = randn(10)[2..9],
                ["parameter"] = nn.Parameter(randn(2)),
                ["scalar"] = tensor(1.5f),
                ["empty"] = zeros(0, 3),
            },
            ["values"] = new List<object?>
            {
                null, true, 3, -70000, 1L << 40, -(1L << 40), System.Numerics.BigInteger.Pow(3, 80), 0.1, "größe", new byte[] { 0, 255 },
                new object?[] { 1L, "x" },
            },
            ["tied"] = tied,
            ["tied too"] = tied.alias(),
        };
        string path = _folder["all.pt"];
        TorchFileWriter.Write(path, written);

        IReadOnlyDictionary<object, object?> read = (IReadOnlyDictionary<object, object?>)TorchFile.Load(path)!;
        IReadOnlyDictionary<object, object?> tensors = (IReadOnlyDictionary<object, object?>)read["tensors"]!;
        foreach ((string name, Tensor expected) in (Dictionary<string, Tensor>)written["tensors"]!)
        {
            WeightGoldens.AssertSame(expected, (Tensor)tensors[name]!, name);
        }

        object?[] values = [.. (IReadOnlyList<object?>)read["values"]!];
        object?[] expectedValues = [null, true, 3L, -70000L, 1L << 40, -(1L << 40), System.Numerics.BigInteger.Pow(3, 80), 0.1, "größe"];
        CollectionAssert.AreEqual(expectedValues, values[..9]);
        CollectionAssert.AreEqual(new byte[] { 0, 255 }, (byte[])values[9]!);
        CollectionAssert.AreEqual(new object[] { 1L, "x" }, (object[])values[10]!);
        ((Tensor)read["tied"]!).fill_(4);
        Assert.AreEqual(4f, ((Tensor)read["tied too"]!).mean().item<float>(), "tied weights share a storage");
    }

    [TestMethod]
    public void More_than_a_thousand_tensors_and_many_memo_entries_survive()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> many = Enumerable.Range(0, 2501).ToDictionary(i => $"layer.{i}.weight", i => full(2, (float)i));
        string path = _folder["many.pth"];
        TorchFileWriter.WriteStateDict(path, many, key: "sgm", modules: ["", "layer"]);
        IReadOnlyDictionary<string, Tensor> read = TorchFile.LoadStateDict(path, "sgm");
        CollectionAssert.AreEqual(many.Keys, read.Keys.ToArray());
        foreach ((string name, Tensor expected) in many)
        {
            WeightGoldens.AssertSame(expected, read[name], name);
        }
    }

    [TestMethod]
    public void Lists_are_appended_to_in_batches_as_by_Pythons_pickler()
    {
        // Up to 1,000 items after a mark; a single one without, unless it is the rest of more.
        byte[] one = [0x80, 2, .. "]q\0K\0a."u8];
        byte[] rest = [0x80, 2, .. "]q\0("u8, .. Enumerable.Repeat("K\0"u8.ToArray(), 1000).SelectMany(item => item), .. "e(K\0e."u8];
        CollectionAssert.AreEqual(one, new PickleWriter().Write(new List<object?> { 0 }));
        CollectionAssert.AreEqual(rest, new PickleWriter().Write(Enumerable.Repeat<object?>(0, 1001).ToList()));
    }

    [TestMethod]
    public void Every_entry_is_stored_aligned_and_passes_its_checksum()
    {
        string path = _folder["entries.pth"];
        using (DisposeScope scope = NewDisposeScope())
        {
            TorchFileWriter.WriteStateDict(path, [new("a", randn(33)), new("b", randn(1))]);
        }

        using (WeightBytes file = WeightBytes.Open(path))
        {
            foreach (ZipEntry entry in ZipDirectory.Read(file).Values)
            {
                Assert.AreEqual(0, entry.DataOffset % 64, entry.Name);
                Assert.AreEqual(entry.Checksum, Crc32.HashToUInt32(file.Span(entry.DataOffset, (int)entry.Size)), entry.Name);
            }
        }

        // .NET's own reader verifies structure and checksums.
        using ZipArchive zip = ZipFile.OpenRead(path);
        CollectionAssert.AreEqual(
            (string[])
            [
                "entries/data.pkl", "entries/.format_version", "entries/.storage_alignment", "entries/byteorder", "entries/data/0",
                "entries/data/1", "entries/version", "entries/.data/serialization_id",
            ],
            zip.Entries.Select(entry => entry.FullName).ToArray());
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            using Stream content = entry.Open();
            content.CopyTo(Stream.Null);
        }
    }

    [TestMethod]
    public void Zip64_fields_are_written_where_sizes_and_places_need_them()
    {
        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = new() { ["a"] = randn(500), ["b"] = randn(3), ["c"] = randn(500) };
        string path = _folder["wide.pth"];
        using (FileStream stream = File.Create(path))
        {
            // Real archives switch at 4 GiB; from 1,000 bytes on, every kind of wide field occurs in a small one.
            TorchFileWriter.WriteArchive(new TorchZipWriter(stream, "wide", wideFrom: 1000), tensors);
        }

        // .NET's reader takes wide fields only where the narrow ones are full, which holds for sizes and places alike.
        using (ZipArchive zip = ZipFile.OpenRead(path))
        {
            Assert.AreEqual(2000, zip.GetEntry("wide/data/0")!.Length);
            using Stream content = zip.GetEntry("wide/data/2")!.Open();
            byte[] bytes = new byte[2000];
            content.ReadExactly(bytes);
            CollectionAssert.AreEqual(WeightGoldens.Bytes(tensors["c"]), bytes);
        }

        foreach ((string name, Tensor tensor) in TorchFile.LoadStateDict(path))
        {
            WeightGoldens.AssertSame(tensors[name], tensor, name);
        }
    }

    [TestMethod]
    public void What_cannot_be_written_is_an_error_and_leaves_the_earlier_file()
    {
        string path = _folder["kept.pth"];
        TorchFileWriter.Write(path, 1);
        byte[] before = File.ReadAllBytes(path);
        List<object?> cycle = [];
        cycle.Add(cycle);
        Assert.ThrowsExactly<ArgumentException>(() => TorchFileWriter.Write(path, cycle));
        Assert.ThrowsExactly<ArgumentException>(() => TorchFileWriter.Write(path, new Version(1, 2)));
        using Tensor one = ones(1);
        Assert.ThrowsExactly<ArgumentException>(() => TorchFileWriter.WriteStateDict(path, [new("a", one), new("a", one)]));
        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
        Assert.HasCount(1, Directory.GetFiles(_folder.Path));
    }
}
