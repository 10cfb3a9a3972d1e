using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class DelimitedReaderTests
{
    [TestMethod]
    [DataRow("Bern\tin\tEurope\nEurope\thas\tBern\n", DisplayName = "tabs")]
    [DataRow("Bern,in,Europe\r\nEurope,has,Bern", DisplayName = "commas, CR LF")]
    [DataRow("Bern;in;Europe\nEurope;has;Bern\n", DisplayName = "semicolons")]
    [DataRow("Bern|in|Europe\nEurope|has|Bern\n", DisplayName = "bars")]
    [DataRow("Bern in Europe\nEurope has Bern\n\n", DisplayName = "blanks")]
    [DataRow("\uFEFF\"Bern\",\"in\",\"Europe\"\nEurope,\"has\",Bern\n", DisplayName = "quotation marks, byte order mark")]
    [DataRow("Head,Relation,Tail\nBern,in,Europe\nEurope,has,Bern\n", DisplayName = "header")]
    [DataRow("Object\tyear\tSubject\tpredicate\nEurope\t1\tBern\tin\nBern\t2\tEurope\thas\n", DisplayName = "header in another order, with a column more")]
    public void Delimiter_header_and_columns_are_found(string text)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("train.txt", text);
        Assert.AreEqual("Bern in Europe; Europe has Bern", Show(KnowledgeGraphReader.Read(folder["train.txt"])));
    }

    [TestMethod]
    public void Delimiter_header_and_columns_may_be_given()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("train.txt", "t#x#r#h\n\"Europe\"#x#in#Bern\n");

        KnowledgeGraph graph = KnowledgeGraphReader.ReadDelimited(
            folder["train.txt"], options: new() { Delimiter = '#', HasHeader = true, Columns = "t_rh", Quoted = true });
        Assert.AreEqual("Bern in Europe", Show(graph));

        graph = KnowledgeGraphReader.ReadDelimited(
            folder["train.txt"], options: new() { Delimiter = '#', HasHeader = false, Columns = "t_rh", AddInverse = true });
        Assert.AreEqual("h r t; Bern in \"Europe\"", Show(graph));
        Assert.IsTrue(graph.AddInverse);
    }

    [TestMethod]
    public void Quoted_fields_may_hold_delimiters_and_quotation_marks()
    {
        using TemporaryFolder folder = new TemporaryFolder().With(
            "train.csv", "\"Bern, \"\"the\"\" capital\",\"in\",Europe\n\"\"\"a\"\"\",b,\"c\"\"\"\n");
        Assert.AreEqual("Bern, \"the\" capital in Europe; \"a\" b c\"", Show(KnowledgeGraphReader.Read(folder["train.csv"])));
    }

    [TestMethod]
    public void Labels_tell_negatives()
    {
        using TemporaryFolder folder = new TemporaryFolder()
            .With("train.tsv", "a\tr\tb\n")
            .With("dev.csv", "head,relation,tail,label\na,r,b,1\na,r,c,0\nb,r,a,-1\nb,r,c,True\nc,r,c,false\n");

        KnowledgeGraph graph = KnowledgeGraphReader.Read(folder.Path);

        CollectionAssert.AreEqual(new Triple[] { new(0, 0, 1), new(1, 0, 2) }, graph.Triples(GraphSplit.Validation).ToArray());
        CollectionAssert.AreEqual(
            new Triple[] { new(0, 0, 2), new(1, 0, 0), new(2, 0, 2) }, graph.Negatives(GraphSplit.Validation).ToArray());
    }

    [TestMethod]
    public void A_folder_is_read_with_its_splits_and_texts()
    {
        using TemporaryFolder folder = new TemporaryFolder()
            .With("train.tsv", "a\tr\tb\n").With("valid.tsv", "b\tr\ta\n").With("test.tsv", "a\tr\tc\n")
            .With("entity2text.txt", "c\tthe third\n").With("relation2definition.txt", "r\tis related to\n");

        KnowledgeGraph graph = KnowledgeGraphReader.Read(folder.Path);
        Assert.AreEqual(Graphs.Describe(graph), Graphs.Describe(KnowledgeGraphReader.ReadDelimitedFolder(folder.Path)));

        Assert.AreEqual("the third", graph.EntityText(2));
        Assert.AreEqual("is related to", graph.RelationDefinition(0));
        Assert.AreEqual(new Triple(1, 0, 0), graph.Triples(GraphSplit.Validation)[0]);
        Assert.AreEqual(new Triple(0, 0, 2), graph.Triples(GraphSplit.Test)[0]);
        Assert.AreEqual(0, graph.Adjacency.Degree(2));

        folder.With("train.csv", "a,r,b\n");
        StringAssert.Contains(
            Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.Read(folder.Path)).Message,
            "both 'train.tsv' and 'train.csv'");
    }

    [TestMethod]
    [DataRow("", 0, 0, "is empty")]
    [DataRow("\n\n", 0, 0, "is empty")]
    [DataRow("head,relation,tail\n", 0, 0, "a header and nothing else")]
    [DataRow("abc\n", 1, 0, "no delimiter cuts 'abc' into 3 fields")]
    [DataRow("a,r,b\nb,r\n", 2, 0, "expected 3 fields between commas, found 2 in 'b,r'")]
    [DataRow("a,r,b\nä,,c\n", 2, 3, "the relation has no name")]
    [DataRow("a,r,b\n,r,c\n", 2, 1, "the head has no name")]
    [DataRow("a,r,b\na,r,\"\"\n", 2, 6, "the tail has no name")]
    [DataRow("a,r,b\na,\"r,c\n", 2, 3, "the quotation mark has no partner")]
    [DataRow("a,r,b\na,\"r\"x,c\n", 2, 3, "the quotation mark has no partner")]
    [DataRow("head,label,relation,tail\na,maybe,r,b\n", 2, 3, "the label 'maybe' is none of")]
    public void What_is_wrong_is_named_with_its_place(string text, int line, int column, string problem)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("train.txt", text);

        GraphFormatException error = Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.Read(folder["train.txt"]));

        Assert.AreEqual((folder["train.txt"], line, column), (error.FilePath, (int)error.Line, (int)error.Column));
        StringAssert.Contains(error.Message, problem);
    }

    [TestMethod]
    public void Invalid_utf8_is_named_with_its_byte()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("train.tsv", [.. "ü\tr\tb\nü\tx"u8, 0xFF, .. "\tb\n"u8]);

        GraphFormatException error = Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.Read(folder["train.tsv"]));

        Assert.AreEqual((2L, 4L, "0xFF"), (error.Line, error.Column, error.Value));
    }

    [TestMethod]
    public void Options_that_make_no_sense_are_refused()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("train.tsv", "a\tr\tb\n");
        foreach (DelimitedOptions options in new DelimitedOptions[] { new() { Delimiter = '"' }, new() { Delimiter = 'ä' }, new() { Columns = "hr" }, new() { Columns = "hrtx" }, new() { Columns = "hhrt" } })
        {
            Assert.ThrowsExactly<ArgumentException>(() => KnowledgeGraphReader.ReadDelimited(folder["train.tsv"], options: options));
        }

        Assert.ThrowsExactly<GraphFormatException>(
            () => KnowledgeGraphReader.ReadDelimited(folder["train.tsv"], options: new() { Delimiter = ',' }));
    }

    [TestMethod]
    public void Names_written_with_quotation_marks_come_back() => Prop.ForAll(
        Gen.ListOf(from head in Name from relation in Name from tail in Name select (head, relation, tail)).Where(
            rows => rows.Count > 0).ToArbitrary(),
        rows =>
        {
            string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
            string text = string.Concat(rows.Select(row => $"{Quote(row.head)},{Quote(row.relation)},{Quote(row.tail)}\n"));
            using TemporaryFolder folder = new TemporaryFolder().With("train.csv", text);
            KnowledgeGraph graph = KnowledgeGraphReader.ReadDelimited(
                folder["train.csv"], options: new() { HasHeader = false, Delimiter = ',' });
            Assert.AreEqual(string.Join("; ", rows.Select(row => $"{row.head} {row.relation} {row.tail}")), Show(graph));
        }).QuickCheckThrowOnFailure();

    [TestMethod]
    public void Many_names_keep_their_ids()
    {
        // Enough that some of them share their 32-bit hash.
        const int count = 300_000;
        using TemporaryFolder folder = new TemporaryFolder()
            .With(
                "train.tsv",
                string.Concat(Enumerable.Range(0, count).Select(i => $"entity number {i}\tr{i % 3}\tentity number {(i + 1) % count}\n")));

        KnowledgeGraph graph = KnowledgeGraphReader.Read(folder["train.tsv"]);

        Assert.AreEqual(count, graph.Entities.Count);
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            Assert.AreEqual((triple.Head + 1) % count, triple.Tail);
            Assert.AreEqual($"entity number {triple.Head}", graph.Entities[triple.Head]);
        }
    }

    private static Gen<string> Name { get; } = Gen.Elements(
        'a', 'b', 'ü', '中', '"', ',', ' ', '\t', '\'').NonEmptyListOf().Select(letters => string.Concat(letters));

    private static string Show(KnowledgeGraph graph) => string.Join("; ", graph.TripleMemory(GraphSplit.Train).ToArray()
        .Select(triple => $"{graph.Entities[triple.Head]} {graph.Relations[triple.Relation]} {graph.Entities[triple.Tail]}"));
}
