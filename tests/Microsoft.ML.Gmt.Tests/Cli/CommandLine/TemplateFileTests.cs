using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>Prompt templates by name and by file.</summary>
[TestClass]
public sealed class TemplateFileTests
{
    [TestMethod]
    public void Names_are_those_of_the_library_and_none_is_the_default()
    {
        Assert.AreEqual(PromptTemplate.Named("vigogne"), TemplateFile.Find("vigogne"));
        Assert.AreEqual(PromptTemplate.Alpaca, TemplateFile.Find(""));
    }

    [TestMethod]
    public void A_file_is_read_and_a_folder_is_loaded_with_it()
    {
        using TemporaryFolder folder = new TemporaryFolder().With(
            "mine.json", """{"prompt_input": "{instruction} {input}:", "prompt_no_input": "{instruction}:", "response_split": ":"}""");
        Assert.AreEqual("a b:", TemplateFile.Find(folder["mine.json"]).Render("a", "b"));
        Assert.AreEqual("a b:", TemplateFile.Options(folder["mine.json"]).Text.Template.Render("a", "b"));
    }

    [TestMethod]
    public void A_name_that_is_neither_is_told_what_there_is()
    {
        string message = Assert.ThrowsExactly<CommandFailure>(() => TemplateFile.Find("mine")).Message;
        StringAssert.Contains(message, "'mine'");
        StringAssert.Contains(message, "alpaca_short");
    }
}
