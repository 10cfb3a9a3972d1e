using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>What is written is read back as it was.</summary>
[TestClass]
public sealed class GraphWriterTests
{
    [TestMethod]
    public void A_folder_in_OpenKE_s_layout_gives_the_graph_back() => Prop.ForAll(Graphs.Arbitrary, graph =>
    {
        using var folder = new TemporaryFolder();
        OpenKeWriter.Write(Writable(graph), folder.Path);
        KnowledgeGraph read = KnowledgeGraphReader.Read(folder.Path).WithInverse(graph.AddInverse);
        Assert.AreEqual(Graphs.Describe(Writable(graph)), Graphs.Describe(read));
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    [DataRow('\t')]
    [DataRow(',')]
    public void A_folder_of_files_of_names_gives_the_triples_back(char delimiter) => Prop.ForAll(Graphs.Arbitrary, graph =>
    {
        if (graph.Triples(GraphSplit.Train).IsEmpty)
        {
            return; // a training file without triples is refused by the reader
        }

        using var folder = new TemporaryFolder();
        new DelimitedWriter(delimiter).WriteFolder(Writable(graph), folder.Path);
        KnowledgeGraph read = KnowledgeGraphReader.Read(folder.Path);
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            CollectionAssert.AreEqual(Words(graph, graph.Triples(split)), Words(read, read.Triples(split)));
            CollectionAssert.AreEqual(Words(graph, graph.Negatives(split)), Words(read, read.Negatives(split)));
        }
    }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Names_with_delimiters_and_quotation_marks_come_back_from_CSV()
    {
        using var folder = new TemporaryFolder();
        var builder = new KnowledgeGraphBuilder();
        string[][] triples =
        [
            ["Valve, brass", "fits", "Pipe 12\" steel"], ["\"quoted\"", "is, as", "head"], ["relation", "head", "tail"], ["Ventil Ø "
                + "3", "fits", "a;b|c"],
        ];
        foreach (string[] triple in triples)
        {
            builder.Add(triple[0], triple[1], triple[2]);
        }

        new DelimitedWriter(',').WriteFile(builder.Build(), folder["g.csv"], GraphSplit.Train);
        KnowledgeGraph read = KnowledgeGraphReader.Read(folder["g.csv"]);
        CollectionAssert.AreEqual(
            triples.Select(triple => string.Join(" ~ ", triple)).ToArray(), Words(read, read.Triples(GraphSplit.Train)));
    }

    [TestMethod]
    [DataRow("a\tb", true, false, true)]
    [DataRow("a\nb", true, true, true)]
    [DataRow(" a", false, false, true)]
    public void Names_without_room_in_a_form_are_refused_there(string name, bool inTsv, bool inCsv, bool inOpenKe)
    {
        using var folder = new TemporaryFolder();
        var builder = new KnowledgeGraphBuilder();
        builder.Add(name, "r", "b");
        KnowledgeGraph graph = builder.Build();
        void Check(bool isRefused, Action write)
        {
            if (isRefused)
            {
                StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(write).Message, ".gmtgraph");
            }
            else
            {
                write();
            }
        }

        Check(inTsv, () => new DelimitedWriter('\t').WriteFolder(graph, folder["tsv"]));
        Check(inCsv, () => new DelimitedWriter(',').WriteFolder(graph, folder["csv"]));
        Check(inOpenKe, () => OpenKeWriter.Write(graph, folder["openke"]));
    }

    [TestMethod]
    public void A_triple_that_reads_as_the_header_is_refused()
    {
        using var folder = new TemporaryFolder();
        var builder = new KnowledgeGraphBuilder();
        builder.Add("a", "r", "b");
        builder.Add("head", "relation", "tail");
        KnowledgeGraph graph = builder.Build();
        StringAssert.Contains(
            Assert.ThrowsExactly<NotSupportedException>(
                () => new DelimitedWriter(',').WriteFile(graph, folder["g.csv"], GraphSplit.Train)).Message,
            "reads as the header does");
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public void A_saved_graph_is_read_like_any_other()
    {
        using var folder = new TemporaryFolder();
        KnowledgeGraph graph = Graphs.Random(entities: 12, relations: 3, triples: 40).WithInverse(true);
        using (Stream file = File.Create(folder["g.gmtgraph"]))
        {
            KnowledgeGraphFormat.Save(graph, file);
        }

        Assert.AreEqual(Graphs.Describe(graph), Graphs.Describe(KnowledgeGraphReader.Read(folder["g.gmtgraph"])));
    }

    /// <summary>The graph without what no text file has room for: negatives of training, texts over several lines.</summary>
    private static KnowledgeGraph Writable(KnowledgeGraph graph)
    {
        var builder = new KnowledgeGraphBuilder(graph.Entities.Names, graph.Relations.Names);
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            builder.AddRange(graph.Triples(split), split);
            builder.AddRange(graph.Negatives(split), split, label: false);
        }

        if (graph.Entities.Count > 0)
        {
            builder.AddEntity(graph.Entities[0], graph.EntityText(0), "defined\twith a tab");
        }

        return builder.Build(graph.AddInverse);
    }

    private static string[] Words(KnowledgeGraph graph, ReadOnlySpan<Triple> triples) =>
        [.. triples.ToArray().Select(triple => $"{graph.Entities[triple.Head]} ~ {graph.Relations[triple.Relation]} ~ "
            + $"{graph.Entities[triple.Tail]}")];
}
