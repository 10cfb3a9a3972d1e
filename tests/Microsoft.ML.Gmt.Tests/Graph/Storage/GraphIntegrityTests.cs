using System.Buffers.Binary;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>A saved graph that was damaged is never taken for another graph.</summary>
[TestClass]
public sealed class GraphIntegrityTests
{
    private const int HashLength = 32;
    private const int VersionOffset = 8;

    [TestMethod]
    public void Every_flipped_bit_of_a_saved_graph_is_found()
    {
        byte[] saved = Saved();
        for (int bit = 0; bit < saved.Length * 8; bit++)
        {
            byte[] flipped = [.. saved];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.ThrowsExactly<GraphFormatException>(() => Load(flipped), $"bit {bit % 8} of byte {bit / 8}");
        }
    }

    [TestMethod]
    public void A_graph_of_the_first_version_which_had_no_hash_still_loads()
    {
        byte[] saved = Saved()[..^HashLength];
        BinaryPrimitives.WriteInt32LittleEndian(saved.AsSpan(VersionOffset), 1);
        Assert.AreEqual(Graphs.Describe(Load(Saved())), Graphs.Describe(Load(saved)));
    }

    [TestMethod]
    public void A_hash_that_was_cut_off_is_missed()
    {
        byte[] saved = Saved();
        for (int cut = 1; cut <= HashLength; cut++)
        {
            StringAssert.Contains(Assert.ThrowsExactly<GraphFormatException>(() => Load(saved[..^cut])).Message, "ends too early");
        }
    }

    private static byte[] Saved()
    {
        using TemporaryFolder folder = Graphs.OpenKe();
        using var stream = new MemoryStream();
        KnowledgeGraphFormat.Save(KnowledgeGraphReader.ReadOpenKe(folder.Path), stream);
        return stream.ToArray();
    }

    private static KnowledgeGraph Load(byte[] saved) => KnowledgeGraphFormat.Load(new MemoryStream(saved));
}
