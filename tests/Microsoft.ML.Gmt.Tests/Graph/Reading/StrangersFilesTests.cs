using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>Files that strangers have are read rightly, or it is said what is wrong or doubtful.</summary>
[TestClass]
public sealed class StrangersFilesTests
{
    public static IEnumerable<object[]> Kinds => StrangersFiles.All.Select(files => new object[] { files.Kind });

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Every_kind_is_read_or_doubted(string kind)
    {
        StrangersFiles files = StrangersFiles.All.Single(files => files.Kind == kind);
        using var folder = new TemporaryFolder();
        foreach ((string name, string text) in files.Files)
        {
            folder.With(name, text);
        }

        GraphCheck check = GraphCheck.Read(folder.Path);
        if (files.Fault is { } fault)
        {
            StringAssert.Contains(check.Faults[0].Message, fault);
            Assert.AreEqual(check.Faults[0].Message,
                Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.Read(folder.Path)).Message);
            return;
        }

        Assert.AreEqual("", string.Join('\n', check.Faults.Select(one => one.Message)));
        KnowledgeGraph graph = check.Graph!;
        Assert.AreEqual(files.Train == "*" ? Show(graph, graph.Triples(GraphSplit.Train)) : files.Train,
            Show(graph, graph.Triples(GraphSplit.Train)));
        Assert.AreEqual(files.Test ?? "", Show(graph, graph.Triples(GraphSplit.Test)));
        Assert.AreEqual(files.Denied ?? "", Show(graph, graph.Negatives(GraphSplit.Test)));
        string doubts = string.Join('\n', check.Doubts);
        StringAssert.Contains(doubts, files.Doubt ?? "");

        // The catalog reads the same, and warns of what was guessed and of nothing else.
        var ml = new MLContext();
        List<string> warnings = ml.Messages();
        Assert.AreEqual(Graphs.Describe(graph), Graphs.Describe(ml.Data.LoadKnowledgeGraph(folder.Path)));
        string log = string.Join('\n', warnings);
        StringAssert.Contains(log, files.Warning ?? "");
        if (files.Warning is null && files.Doubt is null)
        {
            Assert.AreEqual("", log);
        }
    }

    [TestMethod]
    public void A_warning_names_its_file_once()
    {
        using TemporaryFolder folder = new TemporaryFolder().With(
            "train.csv", "head,relation,tail\n pump ,fits,valve\n\nvalve,fits,pump\n");
        var ml = new MLContext();
        List<string> warnings = ml.Messages();

        ml.Data.LoadKnowledgeGraph(folder["train.csv"]);
        ml.Data.LoadKnowledgeGraph(folder.Path);

        foreach (string said in new[] { "names with white space around them", "lines without a name in them" })
        {
            foreach (string place in new[] { folder["train.csv"], $"{folder.Path}: train.csv" })
            {
                Assert.AreEqual(1, warnings.Count(warning => warning.Contains($"{place}: {said}", StringComparison.Ordinal)), said);
            }
        }
    }

    [TestMethod]
    public void Text_of_another_encoding_and_files_of_other_kinds_are_named()
    {
        foreach ((byte[] bytes, string said) in new (byte[], string)[]
        {
            ([.. System.Text.Encoding.Unicode.Preamble, .. System.Text.Encoding.Unicode.GetBytes("a\tr\tb\n")], "UTF-16"),
            ([.. System.Text.Encoding.BigEndianUnicode.Preamble, .. System.Text.Encoding.BigEndianUnicode.GetBytes("a\tr\tb\n")], "UTF-16"),
            (System.Text.Encoding.Unicode.GetBytes("head\trelation\ttail\n"), "UTF-16"),
            ([.. System.Text.Encoding.UTF32.Preamble, .. System.Text.Encoding.UTF32.GetBytes("a\tr\tb\n")], "UTF-32"),
            ([0xB1, 0xB1, 0xBE, 0xA9, 9, 0xCA, 9, 0xD6, 10], "line 1, column 1: the byte 0xB1 is not UTF-8"),
            ([0x1F, 0x8B, 8, 0, 0, 0], "gzip"),
            ([(byte)'P', (byte)'K', 3, 4, 0, 0], "Excel"),
        })
        {
            using TemporaryFolder folder = new TemporaryFolder().With("train.tsv", bytes);
            StringAssert.Contains(Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.Read(folder.Path)).Message, said);
            Assert.AreEqual(1, GraphCheck.Read(folder.Path).FaultCount);
        }
    }

    [TestMethod]
    [DataRow("product,relation,part", "rht", "", DisplayName = "a header that names the relations alone is one whatever the order")]
    [DataRow("Kopf,Ziel,Art", "htr", "is it a header?", DisplayName = "an unknown one is doubted where only the order is given")]
    public void A_given_order_says_nothing_of_the_header(string header, string columns, string warning)
    {
        string lines = string.Concat(Enumerable.Range(0, 12).Select(i => $"a{i % 4},b{i % 3},c{i % 2}\n"));
        using TemporaryFolder folder = new TemporaryFolder().With("facts.csv", $"{header}\n{lines}");
        var ml = new MLContext();
        List<string> warnings = ml.Messages();
        KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph(folder["facts.csv"], options: new() { Columns = columns });
        Assert.AreEqual(warning.Length == 0 ? 12 : 13, graph.Triples(GraphSplit.Train).Length);
        StringAssert.Contains(string.Join('\n', warnings), warning);
        warnings.Clear();
        ml.Data.LoadKnowledgeGraph(folder["facts.csv"], options: new() { Columns = columns, HasHeader = false });
        Assert.IsEmpty(warnings);
    }

    [TestMethod]
    public void Splits_may_differ_in_format()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("train.txt", "a#r#b\n").With("dev.txt", "b,a,r,0\n").With("test.txt",
            "x r b a\n");
        KnowledgeGraph graph = KnowledgeGraphReader.ReadDelimitedFolder(folder.Path, new DelimitedOptions
        {
            Delimiter = '#',
            Validation = new DelimitedFormat { Columns = "htrl" },
            Test = new DelimitedFormat { Delimiter = ' ', Columns = "_rht" },
        });
        Assert.AreEqual("a r b", Show(graph, graph.Triples(GraphSplit.Train)));
        Assert.AreEqual("b r a", Show(graph, graph.Negatives(GraphSplit.Validation)));
        Assert.AreEqual("b r a", Show(graph, graph.Triples(GraphSplit.Test)));
    }

    [TestMethod]
    public void White_space_around_names_is_kept_when_asked()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("train.csv", "a, r,b\nb,r, a\n");
        KnowledgeGraph graph = KnowledgeGraphReader.ReadDelimited(folder["train.csv"], options: new() { TrimWhitespace = false });
        Assert.AreEqual("a  r b; b r  a", Show(graph, graph.Triples(GraphSplit.Train)));
        GraphCheck check = GraphCheck.Read(folder["train.csv"], delimited: new() { TrimWhitespace = false });
        StringAssert.Contains(string.Join('\n', check.Doubts), "relations with white space around the name ([ r])");
    }

    /// <summary>The first line is not special: what most lines say counts, wherever the others stand.</summary>
    [TestMethod]
    public void Most_lines_decide_not_the_first()
    {
        foreach (int odd in new[] { 0, 1, 7 })
        {
            List<string> lines = [.. Enumerable.Range(0, 8).Select(i => $"e{i}\tr\te{i + 1}")];
            lines.Insert(odd, "one, two, three");
            using TemporaryFolder folder = new TemporaryFolder().With("train.txt", string.Join('\n', lines));
            GraphCheck check = GraphCheck.Read(folder.Path);
            Assert.AreEqual(odd + 1, check.Faults.Single().Line);
            Assert.AreEqual(8, check.Graph!.Triples(GraphSplit.Train).Length);
        }
    }

    private static string Show(KnowledgeGraph graph, ReadOnlySpan<Triple> triples) => string.Join("; ", triples.ToArray()
        .Select(triple => $"{graph.Entities[triple.Head]} {graph.Relations[triple.Relation]} {graph.Entities[triple.Tail]}"));
}
