using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class ManifestTests
{
    [TestMethod]
    public void A_list_that_was_read_lists_what_was_written()
    {
        Manifest manifest = Example();
        Manifest read = Manifest.Parse(manifest.ToText(), "manifest.txt");
        CollectionAssert.AreEqual(manifest.Parts.ToArray(), read.Parts.ToArray());
        Assert.AreEqual(manifest.ToText(), read.ToText());
        Assert.IsEmpty(Manifest.Parse(new Manifest().ToText(), "empty").Parts);
        foreach ((string name, ContentHash content) in manifest.Parts)
        {
            read.Check(name, content, name);
        }
    }

    [TestMethod]
    public void Every_flipped_bit_of_a_list_is_found()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Example().ToText());
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] flipped = [.. bytes];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            GmtFileException error = Assert.ThrowsExactly<GmtFileException>(
                () => Manifest.Parse(Encoding.UTF8.GetString(flipped), "manifest.txt"), $"bit {bit}");
            StringAssert.StartsWith(error.Message, "manifest.txt: ");
        }
    }

    [TestMethod]
    public void A_list_that_agrees_with_its_hash_and_is_malformed_is_an_error()
    {
        string hash = ContentHash.Of("a"u8).Sha256;
        string doubled = $"{hash} 1 a\n{hash} 1 a";
        foreach (string line in new[] { "", hash, $"{hash} 1", $"{hash} -1 a", $"{hash} 1 ", $"{hash[1..]} 1 a", doubled })
        {
            string text = $"gmt manifest 1\n{line}\n";
            string signed = $"{text}{ContentHash.Of(Encoding.UTF8.GetBytes(text)).Sha256}\n";
            Assert.ThrowsExactly<GmtFileException>(() => Manifest.Parse(signed, "list"), line);
        }
    }

    [TestMethod]
    public void Another_part_is_an_error_that_names_it()
    {
        Manifest manifest = Example();
        foreach ((string name, byte[] found, string problem) in new (string, byte[], string)[]
        {
            ("config.json", "{ }"u8.ToArray(), "3 bytes; 2 were saved"), ("config.json", "{]"u8.ToArray(), "SHA-256"),
            ("other.json", "{}"u8.ToArray(), "not in the list"),
        })
        {
            GmtFileException error = Assert.ThrowsExactly<GmtFileException>(
                () => manifest.Check(name, ContentHash.Of(found), $"model/{name}"));
            StringAssert.StartsWith(error.Message, $"model/{name}: ");
            StringAssert.Contains(error.Message, problem);
        }
    }

    [TestMethod]
    public void Names_that_would_break_the_list_are_not_taken()
    {
        var manifest = new Manifest();
        Assert.ThrowsExactly<ArgumentException>(() => manifest.Add("a\nb", default));
        Assert.ThrowsExactly<ArgumentException>(() => manifest.Add("", default));
        manifest.Add("a", default);
        Assert.ThrowsExactly<ArgumentException>(() => manifest.Add("a", default));
    }

    [TestMethod]
    public void A_stream_hashes_what_passes_however_it_passes()
    {
        byte[] bytes = new byte[100_000];
        new System.Random(1).NextBytes(bytes);
        ContentHash expected = ContentHash.Of(bytes);
        foreach (int piece in new[] { 1, 7, 4096, 16 << 10, 50_000, 100_000 })
        {
            using var target = new MemoryStream();
            using var writing = new HashingStream(target);
            for (int at = 0; at < bytes.Length; at += piece)
            {
                writing.Write(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
            }

            Assert.AreEqual(expected, writing.Finish(), $"{piece} bytes at a time");
            Assert.AreEqual(expected, ContentHash.Of(new MemoryStream(target.ToArray())));
            using var reading = new HashingStream(new MemoryStream(bytes));
            byte[] part = new byte[piece];
            while (reading.Read(part) > 0)
            {
            }

            Assert.AreEqual(expected, reading.Finish());
            Assert.AreEqual(ContentHash.Of([]), reading.Finish(), "it begins anew");
        }

        using var single = new HashingStream(new MemoryStream(bytes));
        while (single.ReadByte() >= 0)
        {
        }

        Assert.AreEqual(expected, single.Finish());
    }

    private static Manifest Example()
    {
        var manifest = new Manifest();
        manifest.Add("weights.safetensors", ContentHash.Of("weights"u8));
        manifest.Add("a name with blanks", ContentHash.Of([]));
        manifest.Add("config.json", ContentHash.Of("{}"u8));
        return manifest;
    }
}
