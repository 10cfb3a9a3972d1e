using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class InstructionFileTests
{
    private const string Row = """{"instruction": "Is it so?", "input": "ü", "output": "True", "embedding_ids": [1, 0, 2]}""";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly Arbitrary<List<InstructionExample>> Examples = Arb.From(
        (from instruction in Texts()
         from input in Texts()
         from output in Texts()
         from ids in Gen.Choose(0, int.MaxValue).ArrayOf(3)
         select new InstructionExample(
             instruction, input, output, new Triple(ids[0], ids[1], ids[2]))).ListOf().Select(list => list.ToList()));

    [TestMethod]
    [DataRow("\"\u0080\"")]
    [DataRow("{\"instruction\": \"\u0080\", \"output\": \"\", \"embedding_ids\": [1, 0, 2]}")]
    [DataRow("{\"other\": {\"\u0080\": 1}}")]
    public void A_row_that_is_not_utf8_is_refused_with_its_number(string bad)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("rows.jsonl", [.. Encoding.UTF8.GetBytes(Row + "\n"), .. Encoding.Latin1.GetBytes(bad)]);
        string message = Assert.ThrowsExactly<GmtFileException>(() => InstructionFile.Read(path).Count()).Message;
        StringAssert.Contains(message, $"{path}, row 2 (line 2): the text is not valid UTF-8");
    }

    [TestMethod]
    [DataRow("\"candidates\": [\"b\", \"\\ud800\"]", "candidates[1]")]
    [DataRow("\"answers\": 5, \"candidates\": [[[\"\\udfff\"]], {\"a\": null}]", "candidates[0][0][0]")]
    [DataRow("\"answer\": \"\\udc00x\"", "answer")]
    [DataRow("\"label\": {\"\\ud800\": 1}", "label")]
    public void Half_a_surrogate_pair_in_a_row_that_is_kept_is_refused_with_row_and_field(string field, string place)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("rows.jsonl", $"{Row}\n{Row[..^1]}, {field}}}");
        Assert.HasCount(2, InstructionFile.Read(path));
        string message = Assert.ThrowsExactly<GmtFileException>(() => InstructionFile.Read(path, keepJson: true).Count()).Message;
        StringAssert.Contains(message, $"{path}, row 2 (line 2).{place}");
    }

    [TestMethod]
    public void A_pointer_of_git_lfs_in_place_of_rows_is_named()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("rows.json", "version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n");
        StringAssert.Contains(Assert.ThrowsExactly<GmtFileException>(() => InstructionFile.Read(path).Count()).Message, "git lfs pull");
    }

    [TestMethod]
    public void What_was_written_is_read_as_an_array_and_as_lines()
    {
        using var folder = new TemporaryFolder();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Examples, examples =>
        {
            var rows = examples.Select(example => new
            {
                instruction = example.Instruction,
                input = example.Input,
                output = example.Output,
                embedding_ids = new[] { example.Triple.Head, example.Triple.Relation, example.Triple.Tail },
            }).ToArray();
            string array = folder.Write("rows.json", JsonSerializer.Serialize(rows, examples.Count % 2 == 0 ? Indented : null));
            string lines = folder.Write("rows.jsonl", string.Join("\n\n", rows.Select(row => JsonSerializer.Serialize(row))));
            return InstructionFile.Read(array).SequenceEqual(examples) && InstructionFile.Read(lines).SequenceEqual(examples);
        }));
    }

    [TestMethod]
    public void Rows_longer_than_any_buffer_are_read_and_lines_counted()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = [new('a', 5), new('b', 1_000_000), new('c', 70_000), "", new('d', 65_530)];
        var text = new StringBuilder("\uFEFF\n[\n");
        text.AppendJoin(",\n\n", inputs.Select(input => $$"""{"instruction": "i", "output": "o",{{'\n'}}"input": "{{input}}", "embedding_ids": [1, 2, 3]}"""));
        string path = folder.Write("rows.json", text + ",\n5]");
        List<string> read = [];
        string message = Assert.Throws<GmtFileException>(
            () => read.AddRange(InstructionFile.Read(path).Select(example => example.Input))).Message;
        CollectionAssert.AreEqual(inputs.Select(input => input.Length).ToArray(), read.Select(input => input.Length).ToArray());
        StringAssert.Contains(message, "row 6 (line 17): expected an object", StringComparison.Ordinal);
    }

    [TestMethod]
    public void The_reference_s_data_is_read()
    {
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(Goldens.DataSet("codex-s"));
        InstructionExample[] examples = [.. InstructionFile.Read(Path.Combine(Goldens.DataSet("codex-s"), "gmt-test.json"), graph)];
        CollectionAssert.AreEqual(
            graph.Triples(GraphSplit.Test).ToArray().Concat(graph.Negatives(GraphSplit.Test).ToArray()).ToArray(),
            examples.Select(example => example.Triple).ToArray());
    }

    [TestMethod]
    [DataRow("true", "True")]
    [DataRow("false", "False")]
    [DataRow("null", "")]
    [DataRow("1984", "1984")]
    [DataRow("0.10", "0.1")]
    [DataRow("""["a", {"b": null}]""", "['a', {'b': None}]")]
    public void An_output_that_is_no_text_is_spelled_as_python_spells_it(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("rows.jsonl", $$"""{"instruction": "i", "output": {{json}}, "embedding_ids": [1, 2, 3]}""");
        Assert.AreEqual(expected, InstructionFile.Read(path).Single().Output);
    }

    [TestMethod]
    public void The_whole_row_is_kept_where_it_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("rows.json", $$"""[{{Row}}, {"instruction": "i", "input": null, "answers": ["b"], "candidates": ["a", "b"], "embedding_ids": [1, 2, 3]}]""");
        InstructionExample[] examples = [.. InstructionFile.Read(path, outputRequired: false, keepJson: true)];
        CollectionAssert.AreEqual(new[] { "a", "b" }, InstructionRow.Candidates(examples[1].Json!.Value).ToArray());
        CollectionAssert.AreEqual(new[] { "b" }, InstructionRow.Golds(examples[1].Json!.Value).ToArray());
        Assert.AreEqual("", examples[1].Input);
        Assert.IsNull(InstructionFile.Read(path, outputRequired: false).First().Json);
    }

    [TestMethod]
    [DataRow("""{"input": "", "output": "", "embedding_ids": [1, 0, 2]}""", "row 2 (line 2).instruction: it is missing")]
    [DataRow("""{"instruction": "", "input": "", "embedding_ids": [1, 0, 2]}""", "row 2 (line 2).output: it is missing")]
    [DataRow("""{"instruction": "", "input": "", "output": ""}""", "row 2 (line 2).embedding_ids: it is missing")]
    [DataRow("""{"instruction": 7, "input": "", "output": "", "embedding_ids": [1, 0, 2]}""", "instruction: expected a string, found 7")]
    [DataRow("""{"instruction": "", "input": ["a"], "output": "", "embedding_ids": [1, 0, 2]}""", "input: expected a string, found an array")]
    [DataRow("""{"instruction": "", "output": "\ud800", "embedding_ids": [1, 0, 2]}""", "output: not a valid string")]
    [DataRow("""{"instruction": "", "output": "", "embedding_ids": [1, 2]}""", "expected three ids [head, relation, tail], found [1, 2]")]
    [DataRow("""{"instruction": "", "output": "", "embedding_ids": [1, 2.5, 3]}""", "found [1, 2.5, 3]; item 1")]
    [DataRow("""{"instruction": "", "output": "", "embedding_ids": [1, 2, -3]}""", "item 2")]
    [DataRow("""{"instruction": "", "output": "", "embedding_ids": ["1", 2, 3]}""", "item 0")]
    [DataRow("""{"instruction": "", "output": "", "embedding_ids": [1, 0, 3]}""", "[1, 0, 3] is not a triple of this graph, which has 3 entities and 2 relations")]
    [DataRow("""["instruction"]""", "row 2 (line 2): expected an object")]
    [DataRow("""{"instruction" "i"}""", "line 2, byte 16: not valid JSON")]
    [DataRow("""{"instruction": "i" """, "line 3, byte 1: not valid JSON")]
    public void A_bad_row_is_refused_with_its_place_and_the_reason(string bad, string reason)
    {
        using var folder = new TemporaryFolder();
        using TemporaryFolder data = Graph.Graphs.OpenKe();
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(data.Path);
        string path = folder.Write("rows.jsonl", $"{Row}\n{bad}\n{Row}");
        List<InstructionExample> before = [];
        string message = Assert.Throws<GmtFileException>(() => before.AddRange(InstructionFile.Read(path, graph))).Message;
        Assert.HasCount(1, before);
        StringAssert.Contains(message, path, StringComparison.Ordinal);
        StringAssert.Contains(message, reason, StringComparison.Ordinal);
    }

    [TestMethod]
    public void What_follows_an_array_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("rows.json", $"[{Row}]\n \n{Row}");
        StringAssert.Contains(
            Assert.Throws<GmtFileException>(() => InstructionFile.Read(path).ToArray()).Message, "line 3", StringComparison.Ordinal);
        Assert.IsEmpty(InstructionFile.Read(folder.Write("none.json", "[]")));
        Assert.IsEmpty(InstructionFile.Read(folder.Write("none.jsonl", "\n")));
        Assert.Throws<FileNotFoundException>(() => InstructionFile.Read("nowhere.json"));
    }

    [TestMethod]
    public void Mutated_files_are_read_or_refused_with_the_file_named()
    {
        using var folder = new TemporaryFolder();
        byte[][] originals = [Encoding.UTF8.GetBytes($"[{Row},\n {Row}]"), Encoding.UTF8.GetBytes($"{Row}\r\n{Row}\n")];
        byte[][] scraps = [[0xEF, 0xBB, 0xBF], [0xFF], [0], "\\ud83d"u8.ToArray(), "null"u8.ToArray(), "[[[["u8.ToArray(), "}"u8.ToArray(), "\""u8.ToArray(), ","u8.ToArray(), "-1e9"u8.ToArray()];
        var random = new System.Random(5);
        int readable = 0;
        for (int round = 0; round < 3000; round++)
        {
            List<byte> bytes = [.. originals[round % 2]];
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                int at = random.Next(bytes.Count + 1);
                bytes.RemoveRange(at, Math.Min(random.Next(3), bytes.Count - at));
                bytes.InsertRange(at, random.Next(2) == 0 ? scraps[random.Next(scraps.Length)] : [(byte)random.Next(256)]);
            }

            string path = folder.Write("rows.json", [.. bytes]);
            try
            {
                readable += InstructionFile.Read(path, keepJson: true).Any() ? 1 : 0;
            }
            catch (GmtFileException error)
            {
                StringAssert.Contains(error.Message, path, StringComparison.Ordinal);
            }
        }

        Assert.IsTrue(readable is > 0 and < 3000, $"{readable} of 3000 were readable");
    }

    // Any text that JSON can carry: no unpaired surrogates.
    private static Gen<string> Texts() => Gen.Frequency(
            (3, Gen.Elements("\n", "\t", "\"", "\\", "{a}", "[", "\u2028", "a", "True", "😀", "\0")),
            (1, Gen.Choose(0, 0x10FFFF).Where(Rune.IsValid).Select(value => new Rune(value).ToString())))
        .ListOf().Select(string.Concat);
}
