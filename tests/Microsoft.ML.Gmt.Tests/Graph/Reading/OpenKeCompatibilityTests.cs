using System.Text.Json;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class OpenKeCompatibilityTests
{
    private static readonly OpenKeOptions Compatible = new() { Compatibility = OpenKeCompatibility.Reference };

    [TestMethod]
    public void The_reference_s_functions_and_ours_agree()
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(Goldens.Root("reference/text/cases.json")));
        int checkedCases = 0;
        foreach (JsonElement one in cases.RootElement.EnumerateArray())
        {
            Func<string>? ours = Ours(one.GetProperty("function").GetString()!, one.GetProperty("args"));
            if (ours is not null)
            {
                string expected = one.TryGetProperty("result", out JsonElement result) ? JsonSerializer.Serialize(result, Plain) : "error";
                Assert.AreEqual(expected, OrError(ours), one.GetRawText());
                checkedCases++;
            }
        }

        Assert.IsGreaterThan(0, checkedCases);
    }

    [TestMethod]
    public void A_well_formed_folder_reads_the_same_both_ways_and_reports_nothing()
    {
        using TemporaryFolder folder = Graphs.OpenKe().With("entity2id.txt", "3\nBern\t0\nZürich\t1\nBasel\t2\n");

        KnowledgeGraph compatible = KnowledgeGraphReader.ReadOpenKe(folder.Path, Compatible, out OpenKeReport report);

        Assert.AreEqual(Graphs.Describe(KnowledgeGraphReader.ReadOpenKe(folder.Path)), Graphs.Describe(compatible));
        Assert.IsTrue(report.IsClean);
    }

    [TestMethod]
    public void What_is_passed_over_is_counted()
    {
        using TemporaryFolder folder = new TemporaryFolder()
            .With("entity2id.txt", "4\na 0\nb 0\nc nine\n1 1\nz 17\n")
            .With("relation2id.txt", "2\n")
            .With("train2id.txt", "17\n0 1 0\n1 2\n-1 -4 -2\n# a comment here\n\n+1 2 1\n");

        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder.Path, Compatible, out OpenKeReport report);

        CollectionAssert.AreEqual(new Triple[] { new(0, 0, 1), new(3, 0, 0), new(1, 1, 2) }, graph.Triples(GraphSplit.Train).ToArray());
        CollectionAssert.AreEqual(new[] { "b", "1", "2", "3" }, graph.Entities.Names.ToArray());
        CollectionAssert.AreEqual(new[] { "0", "1" }, graph.Relations.Names.ToArray());
        Assert.AreEqual(
            new OpenKeReport
            {
                CountLinesThatDisagree = 1,
                TripleLinesSkipped = 3,
                NegativeIds = 3,
                NameLinesSkipped = 3,
                IdsWithoutName = 4,
            },
            report);
    }

    [TestMethod]
    [DataRow("-1\n")]
    [DataRow("2000000000\na 0\n")]
    public void A_number_of_names_that_the_file_cannot_hold_takes_no_memory(string entities)
    {
        using TemporaryFolder folder = Graphs.OpenKe().With("entity2id.txt", entities);
        GraphFormatException error = Assert.ThrowsExactly<GraphFormatException>(
            () => KnowledgeGraphReader.ReadOpenKe(folder.Path, Compatible, out _));
        StringAssert.Contains(error.Message, $"promises {entities.Split('\n')[0]} names");
    }

    [TestMethod]
    public void Ids_without_a_place_are_errors_here_too()
    {
        using TemporaryFolder folder = Graphs.OpenKe().With("train2id.txt", "1\n0 3 0\n");
        StringAssert.Contains(
            Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.ReadOpenKe(folder.Path, Compatible)).Message,
            "the tail id 3");

        folder.With("train2id.txt", "1\n0 -4 0\n");
        StringAssert.Contains(
            Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.ReadOpenKe(folder.Path, Compatible)).Message,
            "from -3 to 2");
    }

    [TestMethod]
    [DataRow("0 1 4294967296", "the relation id 4294967296 is out of range")]
    [DataRow("-99999999999999999999 1 0", "the head id -99999999999999999999 is out of range")]
    [DataRow("0 2147483648 0", "the tail id 2147483648 is out of range")]
    public void An_id_beyond_32_bits_is_named_as_it_stands_there(string triple, string problem)
    {
        using TemporaryFolder folder = Graphs.OpenKe().With("train2id.txt", $"1\n{triple}\n");
        GraphFormatException error = Assert.ThrowsExactly<GraphFormatException>(
            () => KnowledgeGraphReader.ReadOpenKe(folder.Path, Compatible with { TripleFormat = "htr" }));
        StringAssert.Contains(error.Message, problem);
    }

    [TestMethod]
    public void Numbers_beyond_32_bits_keep_their_value()
    {
        Assert.AreEqual("184467440737095516170", $"{OpenKeReferenceReader.ParseCount("184467440737095516170\n", "file")}");
        Assert.AreEqual("-4294967297", $"{new OpenKeReferenceReader().ParseIds("1\na -4294967297\n")["a"]}");
        using TemporaryFolder folder = Graphs.OpenKe().With("entity2id.txt", "184467440737095516170\na 0\n");
        StringAssert.Contains(
            Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.ReadOpenKe(folder.Path, Compatible)).Message,
                "promises 184467440737095516170 names");
    }

    [TestMethod]
    public void A_byte_order_mark_is_named_though_nobody_sees_it()
    {
        using TemporaryFolder folder = Graphs.OpenKe().With("entity2id.txt", "\uFEFF3\na 0\nb 1\nc 2\n");
        StringAssert.Contains(
            Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.ReadOpenKe(folder.Path, Compatible)).Message,
                "byte order mark (U+FEFF)");
    }

    private static Func<string>? Ours(string function, JsonElement arguments)
    {
        string text = arguments[0].ValueKind == JsonValueKind.String ? arguments[0].GetString()! : "";
        return function switch
        {
            "load_triples" => () => Show(
                new OpenKeReferenceReader().ParseTriples(text, TripleColumns.Parse(arguments[1].GetString()!), "file")),
            "load_id_map" => () =>
                JsonSerializer.Serialize(new OpenKeReferenceReader().ParseIds(text).ToDictionary(id => id.Key, id => (long)id.Value),
                    Plain),
            "load_count_from_map" => () => $"{OpenKeReferenceReader.ParseCount(text, "file")}",
            _ => null,
        };
    }

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static string Show(List<Triple> triples) =>
        JsonSerializer.Serialize(triples.Select(triple => new[] { triple.Head, triple.Relation, triple.Tail }));

    private static string OrError(Func<string> ours)
    {
        try
        {
            return ours();
        }
        catch (GraphFormatException)
        {
            return "error";
        }
        catch (ArgumentException)
        {
            return "error";
        }
    }
}
