using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

/// <summary>A damaged file of torch.save is never taken for other weights: PyTorch records checksums that it does not read.</summary>
[TestClass]
public sealed class ZipChecksumTests
{
    [TestMethod]
    public void Every_flipped_bit_of_a_checkpoint_is_refused_or_changes_nothing()
    {
        TorchRuntime.EnsureLoaded();
        using var folder = new TemporaryFolder();
        string path = folder["sgm_state.pth"];
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor first = arange(6).to(ScalarType.Float32).view(2, 3);
            TorchFileWriter.WriteStateDict(path, [new("first.weight", first), new("second", ones(4))], key: "sgm");
        }

        byte[] saved = File.ReadAllBytes(path);
        string expected = Content(saved);
        IReadOnlyDictionary<string, ZipEntry> entries = Entries(saved);
        int refused = 0;
        for (int bit = 0; bit < saved.Length * 8; bit++)
        {
            byte[] flipped = [.. saved];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            ZipEntry? hit = entries.Values.SingleOrDefault(entry => bit / 8 >= entry.DataOffset && bit / 8 < entry.DataOffset + entry.Size);
            try
            {
                Assert.AreEqual(expected, Content(flipped), $"bit {bit % 8} of byte {bit / 8}");
                Assert.IsNull(hit, $"bit {bit % 8} of byte {bit / 8}, in {hit?.Name}");
            }
            catch (WeightFileException error)
            {
                refused++;
                Assert.IsTrue(hit is null || error.Message.Contains($"'{hit.Name}'", StringComparison.Ordinal),
                    $"{hit?.Name}: {error.Message}");
            }
        }

        Assert.IsGreaterThan(entries.Values.Sum(entry => entry.Size) * 8, refused);
    }

    [TestMethod]
    public void A_file_that_records_no_checksums_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder["plain.pth"];
        using DisposeScope scope = NewDisposeScope();
        TorchFileWriter.WriteStateDict(path, [new("one", ones(3))]);
        byte[] saved = File.ReadAllBytes(path);
        Assert.AreEqual(Content(saved), Content(ZipChecksums.Forget(saved)));
    }

    private static IReadOnlyDictionary<string, ZipEntry> Entries(byte[] file)
    {
        using WeightBytes bytes = WeightBytes.Read(new MemoryStream(file), "file");
        return ZipDirectory.Read(bytes);
    }

    private static string Content(byte[] file)
    {
        using DisposeScope scope = NewDisposeScope();
        using TorchDocument document = TorchDocument.Parse(WeightBytes.Read(new MemoryStream(file), "file"));
        var text = new StringBuilder();
        Describe(document.Materialize(document.Root), text);
        return text.ToString();
    }

    private static void Describe(object? value, StringBuilder text)
    {
        if (value is IReadOnlyDictionary<object, object?> dictionary)
        {
            foreach ((object key, object? item) in dictionary)
            {
                Describe(item, text.Append(key).Append(": "));
            }
        }
        else if (value is Tensor tensor)
        {
            text.Append(CultureInfo.InvariantCulture, $"{tensor.dtype} [{string.Join(',', tensor.shape)}] ");
            using Tensor copy = tensor.contiguous();
            NativeTensor.ForEachPart(copy, part => text.Append(Convert.ToHexString(part)));
            text.AppendLine();
        }
        else
        {
            text.Append(value).AppendLine();
        }
    }
}
