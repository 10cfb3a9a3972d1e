using System.Text.Json;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class PromptTemplateTests
{
    [TestMethod]
    [DataRow("generate_prompt")]
    [DataRow("get_response")]
    public void Prompts_and_responses_equal_the_reference(string function)
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Goldens.Root("reference"), "text", "cases.json")));
        JsonElement[] calls = [.. cases.RootElement.EnumerateArray().Where(call => call.GetProperty("function").GetString() == function)];
        Assert.AreNotEqual(0, calls.Length);
        foreach (JsonElement call in calls)
        {
            string?[] arguments = [.. call.GetProperty("args").EnumerateArray().Select(argument => argument.GetString())];
            PromptTemplate template = PromptTemplate.Named(arguments[0]);
            string Call() => function == "get_response"
                ? template.Response(arguments[1]!) : template.Render(arguments[1]!, arguments.ElementAtOrDefault(2), arguments.ElementAtOrDefault(3));
            if (call.TryGetProperty("result", out JsonElement expected))
            {
                Assert.AreEqual(expected.GetString(), Call(), call.GetRawText());
            }
            else
            {
                StringAssert.Contains(Assert.Throws<FormatException>(Call).Message, template.ResponseSplit, StringComparison.Ordinal);
            }
        }
    }

    [TestMethod]
    public void An_unknown_name_is_an_error_that_lists_the_names()
    {
        string message = Assert.Throws<ArgumentException>(() => PromptTemplate.Named("alpacca")).Message;
        foreach (string part in (string[])["'alpacca'", .. PromptTemplate.Names])
        {
            StringAssert.Contains(message, part, StringComparison.Ordinal);
        }

        CollectionAssert.AreEqual(new[] { "alpaca", "alpaca_short", "alpaca_legacy", "vigogne" }, PromptTemplate.Names.ToArray());
        Assert.AreSame(PromptTemplate.Alpaca, PromptTemplate.Named(null));
    }

    [TestMethod]
    public void A_template_is_the_same_after_writing_and_reading_it()
    {
        using var folder = new TemporaryFolder();
        foreach (PromptTemplate template in PromptTemplate.Names.Select(PromptTemplate.Named))
        {
            string json = JsonSerializer.Serialize(template);
            Assert.AreEqual(template, JsonSerializer.Deserialize<PromptTemplate>(json));
            Assert.AreEqual(template, PromptTemplate.Read(folder.Write($"{template.Name}.json", json)));
        }
    }

    [TestMethod]
    public void Doubled_braces_stand_for_braces()
    {
        var template = new PromptTemplate { PromptInput = "{{{instruction}}} {input}{{}}", PromptNoInput = "}}{{", ResponseSplit = "#" };
        Assert.AreEqual("{a{input}} {b}{}!", template.Render("a{input}", "{b}", "!"));
        Assert.AreEqual("}{", template.Render("a"));
    }

    [TestMethod]
    [DataRow("""{"prompt_input": "{instruction}", "response_split": "#"}""", "prompt_no_input")]
    [DataRow("""{"prompt_input": 5, "prompt_no_input": "", "response_split": "#"}""", "prompt_input: expected a string, found 5")]
    [DataRow("""{"prompt_input": "{instruktion}", "prompt_no_input": "", "response_split": "#"}""", "'{instruktion}'")]
    [DataRow("""{"prompt_input": "", "prompt_no_input": "{input}", "response_split": "#"}""", "'{input}'")]
    [DataRow("""{"prompt_input": "", "prompt_no_input": "{instruction", "response_split": "#"}""", "character 1")]
    [DataRow("""{"prompt_input": "a}", "prompt_no_input": "", "response_split": "#"}""", "character 2")]
    [DataRow("""{"prompt_input": "", "prompt_no_input": "", "response_split": ""}""", "announces the answer")]
    [DataRow("""["prompt_input"]""", "expected an object")]
    [DataRow("{", "not valid JSON")]
    public void A_file_that_holds_no_template_is_refused_with_the_reason(string json, string reason)
    {
        using var folder = new TemporaryFolder();
        string message = Assert.Throws<GmtFileException>(() => PromptTemplate.Read(folder.Write("bad.json", json))).Message;
        StringAssert.Contains(message, reason, StringComparison.Ordinal);
        StringAssert.Contains(message, "bad.json", StringComparison.Ordinal);
    }
}
