using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class TriplePromptTests
{
    [TestMethod]
    public void A_test_split_in_the_reference_s_words_is_its_data()
    {
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(Goldens.DataSet("codex-s"));
        InstructionExample[] expected =
            [.. InstructionFile.Read(Path.Combine(Goldens.DataSet("codex-s"), "gmt-test.json")).Select(WithoutQuotes)];
        InstructionExample[] actual = [.. TripleExamples.OfSplit(graph, GraphSplit.Test, TriplePrompt.Reference).Select(WithoutQuotes)];
        Assert.HasCount(expected.Length, actual);
        int whole = 0;
        for (int row = 0; row < actual.Length; row++)
        {
            Assert.AreEqual(expected[row] with { Input = "" }, actual[row] with { Input = "" });

            // The file has names of a few entities that the graph's texts lack; they go by their ids here.
            string[] known = WithoutUnknownTexts(graph, actual[row]);
            Assert.IsTrue(expected[row].Input.StartsWith(known[0], StringComparison.Ordinal) && expected[row].Input.EndsWith(known[^1], StringComparison.Ordinal), actual[row].Input);
            if (known.Length == 1)
            {
                Assert.AreEqual(expected[row].Input, actual[row].Input);
                whole++;
            }
        }

        Assert.IsGreaterThan(actual.Length * 0.98, whole);
    }

    [TestMethod]
    public void All_placeholders_are_filled()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.AddEntity("Q1", "Bern {head}", "a city");
        builder.AddEntity("Q2");
        builder.AddRelation("P1", "lies in");
        var prompt = new TriplePrompt
        {
            Instruction = "{{{head}}}|{relation}|{tail}",
            Input = "{head_name}|{relation_name}|{tail_name}|{head_definition}|{relation_definition}|{tail_definition}",
            TrueAnswer = "yes",
            FalseAnswer = "no {x}",
        };
        InstructionExample example = prompt.Ask(builder.Build(), new Triple(0, 0, 1), label: false);
        Assert.AreEqual(
            new InstructionExample("{Bern {head}}|lies in|Q2", "Q1|P1|Q2|a city|lies in|Q2", "no {x}", new Triple(0, 0, 1)), example);
        Assert.AreEqual("", prompt.Ask(builder.Build(), new Triple(0, 0, 1)).Output);
        Assert.AreEqual("yes", prompt.Ask(builder.Build(), new Triple(0, 0, 1), label: true).Output);
    }

    [TestMethod]
    public void Prompts_survive_json_and_are_checked_there_too()
    {
        TriplePrompt prompt = TriplePrompt.Default with { Input = "{head_definition}\n", TrueAnswer = "yes" };
        Assert.AreEqual(prompt, JsonSerializer.Deserialize<TriplePrompt>(JsonSerializer.Serialize(prompt)));
        Assert.AreEqual(TriplePrompt.Default, JsonSerializer.Deserialize<TriplePrompt>("{}"));
        ArgumentException error = Assert.Throws<ArgumentException>(() => JsonSerializer.Deserialize<TriplePrompt>("""{"Input": "{haed}"}"""));
        StringAssert.Contains(error.Message, "'{haed}'", StringComparison.Ordinal);
        StringAssert.Contains(error.Message, "{head}, {relation}, {tail}, {head_name}", StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TriplePrompt.Default with { FalseAnswer = "" });
        Assert.Throws<ArgumentException>(() => TriplePrompt.Default with { Instruction = "a { b" });
    }

    [TestMethod]
    public void Patterns_give_back_any_text_once_its_braces_are_doubled()
    {
        Arbitrary<string> texts = Gen.Elements("{", "}", "{head}", "a", "\n", "😀").ListOf().Select(string.Concat).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(texts, text =>
        {
            string pattern = text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
            return TextPattern.Render(TextPattern.Checked(pattern, [], "pattern"), _ => "no") == text
                && TextPattern.Render($"{{a}}{pattern}{{b}}", name => name + text) == $"a{text}{text}b{text}";
        }));
    }

    [TestMethod]
    public void A_triple_that_is_not_of_the_graph_is_refused()
    {
        KnowledgeGraph graph = Graph.Graphs.Random(3, 2, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => TriplePrompt.Default.Ask(graph, new Triple(0, 2, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => TriplePrompt.Default.Ask(graph, new Triple(3, 0, 0)));
    }

    // The file puts quotation marks around a few names with commas, a trace of the table that it was made from.
    private static InstructionExample WithoutQuotes(InstructionExample example) =>
        example with { Input = example.Input.Replace("\"", "", StringComparison.Ordinal) };

    private static string[] WithoutUnknownTexts(KnowledgeGraph graph, InstructionExample example)
    {
        string[] unknown = [.. new[] { example.Triple.Head, example.Triple.Tail }.Where(entity => graph.EntityText(entity) == graph.Entities[entity]).Select(entity => graph.Entities[entity])];
        return unknown.Length == 0 ? [example.Input] : example.Input.Split(unknown, StringSplitOptions.None);
    }
}
