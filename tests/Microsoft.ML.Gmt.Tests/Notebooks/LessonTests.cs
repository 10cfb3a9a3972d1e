using Lessons;

namespace Microsoft.ML.Gmt.Tests.Notebooks;

[TestClass]
public sealed class LessonTests
{
    private const string Source =
        """
        // %% [markdown]
        // # Title
        //
        // Text.

        // %%
        #:package Gmt.MLNet@0.1.0
        #:property PublishAot=false

        // %%
        int one = 1;

        Console.WriteLine($"{one}");
        Console.WriteLine(one + 1);
        """;

    [TestMethod]
    public void Marks_make_cells_and_blank_lines_around_them_go()
    {
        Lesson lesson = Lesson.Parse(Source.ReplaceLineEndings("\r\n"));
        Assert.HasCount(3, lesson.Cells);
        CollectionAssert.AreEqual(new[] { "# Title", "", "Text." }, lesson.Cells[0].Lines.ToArray());
        CollectionAssert.AreEqual(new[] { true, false, false }, lesson.Cells.Select(cell => cell.IsMarkdown).ToArray());
        Assert.HasCount(4, lesson.Cells[2].Lines);
    }

    [TestMethod]
    public void Notebooks_ask_for_packages_and_show_a_value_that_ends_a_cell()
    {
        (string Kind, string Source)[] cells = [.. NotebookFile.Sources(NotebookFile.Of(Lesson.Parse(Source)))];
        Assert.AreEqual(("markdown", "# Title\n\nText."), cells[0]);
        Assert.AreEqual(("code", "#r \"nuget: Gmt.MLNet, 0.1.0\""), cells[1]);
        Assert.AreEqual(("code", "int one = 1;\n\nConsole.WriteLine($\"{one}\");\none + 1"), cells[2]);
    }

    [TestMethod]
    [DataRow("Console.WriteLine(a.B(c));", "a.B(c)")]
    [DataRow("// show: metrics", "metrics")]
    [DataRow("    Console.WriteLine(inside);", "    Console.WriteLine(inside);")]
    [DataRow("Console.WriteLine(Of(\"text\"));", "Console.WriteLine(Of(\"text\"));")]
    public void The_last_line_alone_becomes_a_value(string line, string expected) =>
        CollectionAssert.AreEqual(new[] { line, "x();", expected }, NotebookCode.Of([line, "x();", line]).ToArray());

    [TestMethod]
    public void One_lesson_makes_one_notebook()
    {
        string text = NotebookFile.TextOf(NotebookFile.Of(Lesson.Parse(Source)));
        Assert.AreEqual(text, NotebookFile.TextOf(NotebookFile.Of(Lesson.Parse(Source))));
        StringAssert.Contains(text, "\"nbformat_minor\": 5");
        StringAssert.Contains(text, "\"id\": \"cell-02\"");
    }

    [TestMethod]
    [DataRow("int x = 1;", "Line 1")]
    [DataRow("// %% [raw]", "Line 1")]
    [DataRow("// %% [markdown]\ntext", "Line 2")]
    [DataRow("// %%\n#:project ../x.csproj", "#:project")]
    [DataRow("// %%\n#:package Gmt.MLNet", "#:package NAME@VERSION")]
    [DataRow("// %%\nusing var file = Open();", "Dispose")]
    [DataRow("// %%\nusing SgmTransformer model = Fit();", "Dispose")]
    public void What_has_no_counterpart_is_refused(string source, string expected) => StringAssert.Contains(
        Assert.ThrowsExactly<FormatException>(() => NotebookFile.Of(Lesson.Parse(source))).Message, expected);
}
