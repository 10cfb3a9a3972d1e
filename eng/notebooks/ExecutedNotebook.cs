using System.Text.Json.Nodes;

namespace Lessons;

/// <summary>What of an executed notebook is kept.</summary>
internal static class ExecutedNotebook
{
    /// <summary>
    /// A lesson's notebook with the outputs of an executed copy, without those of the cell that asks for packages (a script that looks for
    /// the kernel's address, and folders of this machine), without times, and with what came in pieces put together.
    /// </summary>
    /// <param name="lesson">The lesson.</param>
    /// <param name="executed">The copy.</param>
    /// <exception cref="FormatException">The copy is of another lesson, or a cell of it failed.</exception>
    public static JsonObject Clean(Lesson lesson, JsonObject executed)
    {
        JsonObject notebook = NotebookFile.Of(lesson);
        if (!NotebookFile.Sources(notebook).SequenceEqual(NotebookFile.Sources(executed)))
        {
            throw new FormatException("The executed notebook has other cells than the lesson; make it anew and execute it.");
        }

        int count = 0;
        foreach ((JsonNode? cell, JsonNode? copy) in notebook["cells"]!.AsArray().Zip(executed["cells"]!.AsArray()))
        {
            if (cell!["cell_type"]!.GetValue<string>() != "code")
            {
                continue;
            }

            cell["execution_count"] = ++count;
            if (!NotebookCode.AsksForPackages(NotebookFile.Text(cell["source"]!)))
            {
                cell["outputs"] = OutputsOf(copy!["outputs"]!.AsArray(), count);
            }
        }

        return notebook;
    }

    private static JsonArray OutputsOf(JsonArray outputs, int count)
    {
        var kept = new JsonArray();
        foreach (JsonNode? output in outputs)
        {
            switch (output!["output_type"]!.GetValue<string>())
            {
                case "error":
                    throw new FormatException($"Code cell {count} failed: {output["ename"]}: {output["evalue"]}");
                case "stream" when kept.LastOrDefault() is { } last && IsStream(last, output["name"]!.GetValue<string>()):
                    last["text"] = NotebookFile.Lines(NotebookFile.Text(last["text"]!) + Text(output["text"]!));
                    break;
                case "stream":
                    kept.Add(new JsonObject
                    {
                        ["name"] = output["name"]!.DeepClone(),
                        ["output_type"] = "stream",
                        ["text"] = NotebookFile.Lines(Text(output["text"]!)),
                    });
                    break;
                default:
                    kept.Add(Shown(output, count));
                    break;
            }
        }

        return kept;
    }

    private static bool IsStream(JsonNode output, string name) =>
        output["output_type"]!.GetValue<string>() == "stream" && output["name"]!.GetValue<string>() == name;

    private static JsonObject Shown(JsonNode output, int count)
    {
        var data = new JsonObject();
        foreach ((string type, JsonNode? value) in output["data"]!.AsObject())
        {
            data[type] = NotebookFile.Lines(Text(value!));
        }

        string kind = output["output_type"]!.GetValue<string>();
        var shown = new JsonObject { ["data"] = data, ["metadata"] = new JsonObject(), ["output_type"] = kind };
        if (kind == "execute_result")
        {
            shown["execution_count"] = count;
        }

        return shown;
    }

    private static string Text(JsonNode node) => NotebookFile.Text(node).ReplaceLineEndings("\n");
}
