using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class OpenKeReaderTests
{
    [TestMethod]
    public void Everything_a_folder_has_is_read()
    {
        using TemporaryFolder folder = Graphs.OpenKe();
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder.Path);

        CollectionAssert.AreEqual(new[] { "Bern", "Zürich main station", "Basel" }, graph.Entities.Names.ToArray());
        CollectionAssert.AreEqual(new Triple[] { new(0, 0, 1), new(1, 1, 2), new(2, 0, 2) }, graph.Triples(GraphSplit.Train).ToArray());
        Assert.AreEqual(new Triple(0, 1, 2), graph.Triples(GraphSplit.Validation)[0]);
        Assert.AreEqual(new Triple(1, 1, 0), graph.Triples(GraphSplit.Test)[0]);
        Assert.AreEqual(new Triple(2, 1, 0), graph.Negatives(GraphSplit.Validation)[0]);
        Assert.AreEqual(0, graph.Negatives(GraphSplit.Test).Length);
        Assert.AreEqual("city of Bern", graph.EntityText(0));
        Assert.AreEqual("Zürich main station", graph.EntityText(1));
        Assert.AreEqual("Bâle\tBasle", graph.EntityText(2));
        Assert.AreEqual("capital of Switzerland", graph.EntityDefinition(0));
        Assert.AreEqual("is in", graph.RelationText(1));
        Assert.AreEqual("not far", graph.RelationDefinition(0));
    }

    [TestMethod]
    [DataRow("htr", 0, 2, 1)]
    [DataRow("hrt", 0, 1, 2)]
    [DataRow("rht", 1, 0, 2)]
    [DataRow("rth", 2, 0, 1)]
    [DataRow("thr", 1, 2, 0)]
    [DataRow("trh", 2, 1, 0)]
    public void The_triple_format_says_which_column_is_which(string format, int head, int relation, int tail)
    {
        using TemporaryFolder folder = new TemporaryFolder()
            .With("entity2id.txt", "3\na 0\nb 1\nc 2\n").With("relation2id.txt", "3\np 0\nq 1\nr 2\n").With("train2id.txt", "1\n0 1 2\n");

        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder.Path, new OpenKeOptions { TripleFormat = format, AddInverse = true });

        Assert.AreEqual(new Triple(head, relation, tail), graph.Triples(GraphSplit.Train)[0]);
        Assert.IsTrue(graph.AddInverse);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("ht")]
    [DataRow("htx")]
    [DataRow("h t r")]
    [DataRow("hhr")]
    public void A_triple_format_that_is_no_permutation_is_refused(string format)
    {
        using TemporaryFolder folder = Graphs.OpenKe();
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(
            () => KnowledgeGraphReader.ReadOpenKe(folder.Path, new OpenKeOptions { TripleFormat = format }));
        StringAssert.Contains(error.Message, "permutation of 'h', 'r', 't'");
    }

    [TestMethod]
    [DataRow("\uFEFF2\n0 1 0\n1 1 1\n", DisplayName = "byte order mark")]
    [DataRow("2\r\n0\t1\t0\r\n1 \t 1  1 \r\n", DisplayName = "tabs, blanks, CR LF")]
    [DataRow("2\n0 1 0\n001 1 1", DisplayName = "no line end at the end, leading zeros")]
    [DataRow("2\n0 1 0\n1 1 1\n\n  \r\n\t\n", DisplayName = "blank lines at the end")]
    public void Harmless_differences_are_read(string train)
    {
        using TemporaryFolder folder = Graphs.OpenKe().With("train2id.txt", train);
        CollectionAssert.AreEqual(
            new Triple[] { new(0, 0, 1), new(1, 1, 1) }, KnowledgeGraphReader.ReadOpenKe(folder.Path).Triples(GraphSplit.Train).ToArray());
    }

    [TestMethod]
    [DataRow("train2id.txt", "", 0, 0, "is empty")]
    [DataRow("train2id.txt", "\n0 1 0\n", 1, 1, "first line must be the number")]
    [DataRow("train2id.txt", "0 1 0\n", 1, 1, "found '0 1 0'")]
    [DataRow("train2id.txt", "-1\n", 1, 1, "found '-1'")]
    [DataRow("train2id.txt", "3\n0 1 0\n", 1, 1, "promises 3 triples, but 1 follow")]
    [DataRow("train2id.txt", "0\n0 1 0\n", 1, 1, "promises 0 triples, but 1 follow")]
    [DataRow("train2id.txt", "1999999999\n0 1 0\n", 1, 1, "promises 1999999999")]
    [DataRow("train2id.txt", "1\n0 1\n", 2, 0, "expected 3 ids (head, tail, relation), found 2 fields")]
    [DataRow("train2id.txt", "1\n0 1 0 1\n", 2, 0, "found 4 fields")]
    [DataRow("train2id.txt", "2\n0 1 0\n\n1 0 1\n", 3, 0, "found 0 fields")]
    [DataRow("train2id.txt", "2\n0 1 0\n0  3 1\n", 3, 4, "the tail id 3 is out of range: there are 3 entities")]
    [DataRow("train2id.txt", "1\n0 1 2\n", 2, 5, "the relation id 2 is out of range: there are 2 relations")]
    [DataRow("train2id.txt", "1\n-1 1 0\n", 2, 1, "the head id -1 is out of range")]
    [DataRow("train2id.txt", "1\n0 4294967296 0\n", 2, 3, "the tail id 4294967296 is out of range")]
    [DataRow("train2id.txt", "1\n0 1 0x0\n", 2, 5, "the relation id '0x0' is not a number")]
    [DataRow("train2id.txt", "1\nä ü 0\n", 2, 1, "the head id 'ä' is not a number")]
    [DataRow("train2id.txt", "1\n0 ü 0\n", 2, 3, "the tail id 'ü' is not a number")]
    [DataRow("valid_neg2id.txt", "1\n9 0 1\n", 2, 1, "the head id 9")]
    [DataRow("entity2id.txt", "", 0, 0, "is empty")]
    [DataRow("entity2id.txt", "4\nBern\t0\nb\t1\nBasel\t2\n", 1, 1, "promises 4 names, but 3 follow")]
    [DataRow("entity2id.txt", "3\nBern\t0\nBern\t1\nBasel\t2\n", 3, 1, "'Bern' stands in line 2 already")]
    [DataRow("entity2id.txt", "3\nBern\t0\nb\t0\nBasel\t2\n", 3, 3, "the id 0 belongs to 'Bern' in line 2")]
    [DataRow("entity2id.txt", "3\nBern\t0\nb\t3\nBasel\t2\n", 3, 3, "the id 3 is out of range: the first line promises 3 names")]
    [DataRow("entity2id.txt", "3\nBern\t0\nb\tone\nBasel\t2\n", 3, 3, "the id 'one' is not a number")]
    [DataRow("entity2id.txt", "3\nBern 0\nb c 1\nBasel 2\n", 3, 0, "found 3 fields")]
    [DataRow("relation2id.txt", "2\nnear\n", 2, 0, "found 1 fields")]
    [DataRow("entity2text.txt", "Bern\n", 1, 1, "expected a name, a tab and a text")]
    [DataRow("entity2text.txt", "Bern\ta\nBern\tb\n", 2, 1, "'Bern' has another text in an earlier line")]
    [DataRow("entity2text.txt", "Bern\ta\nGeneva\tb\n", 2, 1, "the graph has no 'Geneva'")]
    [DataRow("relation2definition.txt", "of\ta\n", 1, 1, "the graph has no 'of'")]
    public void What_is_wrong_is_named_with_its_place(string file, string text, int line, int column, string problem)
    {
        using TemporaryFolder folder = Graphs.OpenKe().With(file, text);

        GraphFormatException error = Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.ReadOpenKe(folder.Path));

        Assert.AreEqual((folder[file], line, column), (error.FilePath, (int)error.Line, (int)error.Column));
        StringAssert.Contains(error.Message, problem);
        StringAssert.StartsWith(error.Message, folder[file]);
    }

    [TestMethod]
    public void Invalid_utf8_is_named_with_its_byte()
    {
        using TemporaryFolder folder = Graphs.OpenKe().With("entity2id.txt", [.. "3\nBern\t0\nZü"u8, 0xE4, .. "h\t1\nBasel\t2\n"u8]);

        GraphFormatException error = Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.ReadOpenKe(folder.Path));

        Assert.AreEqual((3L, 3L, "0xE4"), (error.Line, error.Column, error.Value));
    }

    [TestMethod]
    public void Blanks_around_names_and_blank_texts_mean_nothing()
    {
        using TemporaryFolder folder = Graphs.OpenKe().With(
            "entity2id.txt", "3\n Bern \t0\nZürich main  station\t 1\nBasel 2\n").With("entity2text.txt", "Bern\t \n");

        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder.Path, new OpenKeOptions { IgnoreTextsOfUnknownNames = true });

        CollectionAssert.AreEqual(new[] { "Bern", "Zürich main  station", "Basel" }, graph.Entities.Names.ToArray());
        Assert.AreEqual("Bern", graph.EntityText(0));
    }

    [TestMethod]
    public void Texts_of_unknown_names_are_passed_over_only_when_asked()
    {
        using TemporaryFolder folder = Graphs.OpenKe().With("entity2text.txt", "Geneva\tCalvin's city\nBern\tb\n");

        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder.Path, new OpenKeOptions { IgnoreTextsOfUnknownNames = true });

        Assert.AreEqual("b", graph.EntityText(0));
    }

    [TestMethod]
    public void Missing_files_are_named()
    {
        using TemporaryFolder folder = Graphs.OpenKe();
        File.Delete(folder["relation2id.txt"]);

        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(() => KnowledgeGraphReader.ReadOpenKe(folder.Path)).Message, "relation2id.txt");
        StringAssert.Contains(
            Assert.ThrowsExactly<FileNotFoundException>(
                () => KnowledgeGraphReader.ReadOpenKe(Graphs.OpenKe().Path, new OpenKeOptions { TestFile = "test.txt" })).Message,
            "test.txt");
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => KnowledgeGraphReader.ReadOpenKe(folder["nothing"]));
        Assert.ThrowsExactly<FileNotFoundException>(() => KnowledgeGraphReader.Read(folder["nothing"]));
    }

    [TestMethod]
    public void Files_larger_than_the_buffer_are_read_whole()
    {
        const int triples = 60_000;
        string text = $"{triples}\n{string.Concat(Enumerable.Range(0, triples).Select(i => $"{i % 3} {i / 3 % 3} {i % 2}\n"))}";
        using TemporaryFolder folder = Graphs.OpenKe().With("train2id.txt", text);

        ReadOnlySpan<Triple> read = KnowledgeGraphReader.ReadOpenKe(folder.Path).Triples(GraphSplit.Train);

        Assert.AreEqual(triples, read.Length);
        for (int i = 0; i < triples; i++)
        {
            Assert.AreEqual(new Triple(i % 3, i % 2, i / 3 % 3), read[i]);
        }
    }
}
