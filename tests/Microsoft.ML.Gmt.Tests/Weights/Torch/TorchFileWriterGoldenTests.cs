using System.IO.Compression;
using System.Text;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

/// <summary>Checkpoints of the reference, read and written again.</summary>
[TestClass]
public sealed class TorchFileWriterGoldenTests : IDisposable
{
    private const string Fingerprint = ".data/serialization_id";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Checkpoints_of_the_reference_are_written_again_byte_for_byte()
    {
        int compared = 0;
        foreach (string path in Checkpoints())
        {
            byte[] original = File.ReadAllBytes(path);
            string copy = _folder[Path.GetFileName(path)];
            using DisposeScope scope = NewDisposeScope();
            object? root = TorchFile.Load(path);
            if (!original.AsSpan().StartsWith("PK"u8) || !IsPlain(path, root))
            {
                continue;
            }

            WriteAgain(copy, root, Pickle(path));
            byte[] written = File.ReadAllBytes(copy);

            // PyTorch's fingerprint of names and contents depends on the order of a hash table: only its form can be the same.
            Mask(original, copy);
            Mask(written, copy);
            CollectionAssert.AreEqual(original, written, path);
            compared++;
        }

        Assert.IsGreaterThan(10, compared);
    }

    private static IEnumerable<string> Checkpoints() =>
        new[] { "reference", "llm" }.SelectMany(root => Directory.EnumerateFiles(Goldens.Root(root), "*.pt*", SearchOption.AllDirectories))
            .Where(path => !path.Contains("invalid", StringComparison.Ordinal) && Path.GetExtension(path) is ".pth" or ".pt");

    // Views, shared storages and parameters are written in another (shorter) form than torch.save's, and batch norms record version 2.
    private static bool IsPlain(string path, object? root)
    {
        using WeightBytes file = WeightBytes.Open(path);
        long stored = ZipDirectory.Read(file).Values.Where(
            entry => entry.Name.Contains("/data/", StringComparison.Ordinal)).Sum(entry => entry.Size);
        Tensor[] tensors = [.. WeightGoldens.Flatten(root).Values];
        string pickle = Encoding.Latin1.GetString(Pickle(path));
        return tensors.All(tensor => tensor.is_contiguous()) && tensors.Sum(tensor => tensor.numel() * tensor.element_size()) == stored
            && pickle[1] == 2 && !pickle.Contains("_rebuild_parameter", StringComparison.Ordinal)
            && !pickle.Contains("num_batches_tracked", StringComparison.Ordinal);
    }

    private static byte[] Pickle(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        using Stream content = zip.Entries.Single(entry => entry.Name == "data.pkl").Open();
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void WriteAgain(string path, object? root, byte[] pickle)
    {
        string text = Encoding.Latin1.GetString(pickle);
        bool ordered = text.StartsWith("\u0080\u0002ccollections\nOrderedDict", StringComparison.Ordinal);
        List<string>? modules = Modules(pickle);
        if (ordered)
        {
            TorchFileWriter.WriteStateDict(path, Named(root), modules: modules);
        }
        else if (modules is not null
            || (text.Contains("sgm", StringComparison.Ordinal) && root is IReadOnlyDictionary<object, object?> { Count: 1 }))
        {
            (object key, object? inner) = ((IReadOnlyDictionary<object, object?>)root!).Single();
            TorchFileWriter.WriteStateDict(path, Named(inner), (string)key, modules);
        }
        else
        {
            TorchFileWriter.Write(path, root);
        }
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Named(object? dictionary) =>
        ((IReadOnlyDictionary<object, object?>)dictionary!).Select(pair => KeyValuePair.Create((string)pair.Key, (Tensor)pair.Value!));

    // After "_metadata", every text but "version" is a module's name.
    private static List<string>? Modules(byte[] pickle)
    {
        int start = pickle.AsSpan().IndexOf("_metadata"u8);
        if (start < 0)
        {
            return null;
        }

        List<string> names = [];
        for (int i = start + "_metadata".Length; i < pickle.Length; i++)
        {
            switch ((char)pickle[i])
            {
                case 'q' or 'h' or 'K': i++; break;
                case 'r' or 'j': i += 4; break;
                case 'X':
                    int length = BitConverter.ToInt32(pickle, i + 1);
                    names.Add(Encoding.UTF8.GetString(pickle, i + 5, length));
                    i += 4 + length;
                    break;
            }
        }

        names.Remove("version");
        return names;
    }

    private static void Mask(byte[] file, string path)
    {
        File.WriteAllBytes(path, file);
        ZipEntry entry;
        using (WeightBytes mapped = WeightBytes.Open(path))
        {
            entry = ZipDirectory.Read(mapped).Values.Single(candidate => candidate.Name.EndsWith(Fingerprint, StringComparison.Ordinal));
        }

        Assert.AreEqual(40, entry.Size);
        byte[] checksum = BitConverter.GetBytes(entry.Checksum);
        file.AsSpan((int)entry.DataOffset, 40).Clear();
        for (int at; (at = file.AsSpan((int)entry.DataOffset).IndexOf(checksum)) >= 0;)
        {
            file.AsSpan((int)entry.DataOffset + at, 4).Clear();
        }
    }
}
