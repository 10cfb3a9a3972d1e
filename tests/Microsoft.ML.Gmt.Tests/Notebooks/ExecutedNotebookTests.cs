using System.Text.Json.Nodes;
using Lessons;

namespace Microsoft.ML.Gmt.Tests.Notebooks;

[TestClass]
public sealed class ExecutedNotebookTests
{
    private static readonly Lesson Lesson = Lesson.Parse("// %%\n#:package Gmt.MLNet@0.1.0\n// %%\nConsole.WriteLine(graph);");

    [TestMethod]
    public void Noise_goes_and_the_rest_stays()
    {
        JsonObject kept = ExecutedNotebook.Clean(Lesson, Executed(
            """[{"output_type": "display_data", "data": {"text/html": ["<script>probe()</script>"]}, "metadata": {}}]""",
            """
            [
              {"output_type": "stream", "name": "stdout", "text": ["a"]},
              {"output_type": "stream", "name": "stdout", "text": "b\r\nc"},
              {"output_type": "stream", "name": "stderr", "text": "d"},
              {"output_type": "execute_result", "data": {"text/html": "<p>"}, "execution_count": 7, "metadata": {"x": 1}}
            ]
            """));
        string text = NotebookFile.TextOf(kept);
        Assert.IsFalse(text.Contains("probe", StringComparison.Ordinal) || text.Contains("iopub", StringComparison.Ordinal));
        JsonArray outputs = kept["cells"]![1]!["outputs"]!.AsArray();
        Assert.HasCount(3, outputs);
        Assert.AreEqual("ab\nc", NotebookFile.Text(outputs[0]!["text"]!));
        Assert.AreEqual(2, outputs[2]!["execution_count"]!.GetValue<int>());
        Assert.IsEmpty(outputs[2]!["metadata"]!.AsObject());
    }

    [TestMethod]
    public void A_cell_that_failed_is_refused() => StringAssert.Contains(
        Assert.ThrowsExactly<FormatException>(() => ExecutedNotebook.Clean(
            Lesson, Executed("[]", """[{"output_type": "error", "ename": "Error", "evalue": "no graph", "traceback": []}]"""))).Message,
        "no graph");

    [TestMethod]
    public void Another_lesson_is_refused() => Assert.ThrowsExactly<FormatException>(
        () => ExecutedNotebook.Clean(Lesson.Parse("// %%\nint x;"), Executed("[]", "[]")));

    private static JsonObject Executed(params string[] outputs)
    {
        JsonObject notebook = NotebookFile.Of(Lesson);
        foreach ((int index, string output) in outputs.Index())
        {
            notebook["cells"]![index]!["outputs"] = JsonNode.Parse(output);
            notebook["cells"]![index]!["metadata"] = JsonNode.Parse("""{"execution": {"iopub.status.busy": "2026-01-01"}}""");
        }

        return notebook;
    }
}
