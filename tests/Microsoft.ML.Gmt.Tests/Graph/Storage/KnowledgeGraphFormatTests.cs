using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class KnowledgeGraphFormatTests
{
    [TestMethod]
    public void A_loaded_graph_says_what_the_saved_one_said() => Prop.ForAll(Graphs.Arbitrary, graph =>
    {
        byte[] saved = Save(graph);
        KnowledgeGraph loaded = Load(saved);
        Assert.AreEqual(Graphs.Describe(graph), Graphs.Describe(loaded));
        CollectionAssert.AreEqual(saved, Save(loaded));
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void What_follows_a_graph_in_its_stream_is_left_alone()
    {
        using var stream = new MemoryStream();
        KnowledgeGraphFormat.Save(new KnowledgeGraphBuilder(["a"], []).Build(), stream);
        stream.WriteByte(7);
        stream.Position = 0;

        KnowledgeGraphFormat.Load(stream);

        Assert.AreEqual(7, stream.ReadByte());
    }

    [TestMethod]
    public void A_file_that_goes_on_after_the_graph_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.With("g.gmtgraph", [.. Save(new KnowledgeGraphBuilder(["a"], []).Build()), 0]);
        StringAssert.Contains(
            Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.Read(folder["g.gmtgraph"])).Message,
            "goes on after the saved graph");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(256)]
    [DataRow(257)]
    [DataRow(65_536)]
    [DataRow(65_537)]
    public void Ids_of_every_width_survive(int count)
    {
        IEnumerable<string> names = Enumerable.Range(0, count).Select(id => $"{id}");
        var builder = new KnowledgeGraphBuilder(names, names);
        builder.AddRange([new(count - 1, 0, 0), new(0, count - 1, 0), new(0, 0, count - 1), new(count / 2, count / 3, count / 4)]);

        Assert.IsTrue(builder.Build().Triples(GraphSplit.Train).SequenceEqual(Load(Save(builder.Build())).Triples(GraphSplit.Train)));
    }

    [TestMethod]
    public void Long_names_and_many_ids_survive()
    {
        var builder = new KnowledgeGraphBuilder(Enumerable.Range(0, 70_000).Select(id => $"entity {id}"), ["r", new string('ü', 100_000)]);
        builder.AddRange([new(69_999, 1, 256), new(65_536, 0, 65_535)]);
        KnowledgeGraph loaded = Load(Save(builder.Build()));

        Assert.AreEqual(Graphs.Describe(builder.Build()), Graphs.Describe(loaded));
    }

    [TestMethod]
    public void A_cut_stream_is_an_error_wherever_it_is_cut()
    {
        using TemporaryFolder folder = Graphs.OpenKe();
        byte[] saved = Save(KnowledgeGraphReader.ReadOpenKe(folder.Path));
        for (int length = 0; length < saved.Length; length++)
        {
            Assert.ThrowsExactly<GraphFormatException>(() => Load(saved[..length]), $"cut to {length} of {saved.Length} bytes");
        }
    }

    [TestMethod]
    public void Changed_bytes_give_a_graph_or_the_documented_error()
    {
        using TemporaryFolder folder = Graphs.OpenKe();
        byte[] saved = Save(KnowledgeGraphReader.ReadOpenKe(folder.Path));
        var random = new System.Random(5);
        for (int round = 0; round < 5000; round++)
        {
            byte[] changed = [.. saved];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                changed[random.Next(changed.Length)] = (byte)random.Next(256);
            }

            try
            {
                Graphs.Describe(Load(changed));
            }
            catch (GraphFormatException)
            {
            }
        }
    }

    [TestMethod]
    public void Lying_sizes_take_no_memory()
    {
        byte[] saved = Save(new KnowledgeGraphBuilder(["abcd"], ["r"]).Build());
        for (int at = 13; at < saved.Length - 8; at++)
        {
            byte[] changed = [.. saved];
            BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), 0x7FFF_FFC0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Load(changed);
            }
            catch (GraphFormatException)
            {
            }

            Assert.IsLessThan(8L << 20, GC.GetAllocatedBytesForCurrentThread() - before, $"size at byte {at}");
        }
    }

    [TestMethod]
    public void A_later_version_is_named()
    {
        byte[] saved = Save(new KnowledgeGraphBuilder().Build());
        saved[8] = 9;

        GraphFormatException error = Assert.ThrowsExactly<GraphFormatException>(() => Load(saved));
        StringAssert.Contains(error.Message, "version is 9");
    }

    private static byte[] Save(KnowledgeGraph graph)
    {
        using var stream = new MemoryStream();
        KnowledgeGraphFormat.Save(graph, stream);
        return stream.ToArray();
    }

    private static KnowledgeGraph Load(byte[] saved) => KnowledgeGraphFormat.Load(new MemoryStream(saved));
}
