using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lessons;

/// <summary>Notebooks in Jupyter's format, nbformat 4.5.</summary>
internal static class NotebookFile
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The notebook of a lesson, not executed. The same lesson gives the same bytes.</summary>
    /// <param name="lesson">The lesson.</param>
    public static JsonObject Of(Lesson lesson) => new()
    {
        ["cells"] = new JsonArray([.. lesson.Cells.Index().Select(cell => CellOf(cell.Index + 1, cell.Item))]),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
            ["language_info"] = new JsonObject
            {
                ["file_extension"] = ".cs",
                ["mimetype"] = "text/x-csharp",
                ["name"] = "C#",
                ["pygments_lexer"] = "csharp",
            },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    };

    /// <summary>Reads a notebook.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FormatException">It is no notebook.</exception>
    public static JsonObject Read(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) is JsonObject notebook && notebook["cells"] is JsonArray
                ? notebook
                : throw new FormatException($"{path} is no notebook: it has no list of cells.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{path} is no notebook: {exception.Message}", exception);
        }
    }

    /// <summary>The text of a notebook's file.</summary>
    /// <param name="notebook">The notebook.</param>
    public static string TextOf(JsonObject notebook) => notebook.ToJsonString(Layout) + "\n";

    /// <summary>What its cells hold, outputs left out: kind and source of each.</summary>
    /// <param name="notebook">The notebook.</param>
    public static IEnumerable<(string Kind, string Source)> Sources(JsonObject notebook) =>
        notebook["cells"]!.AsArray().Select(cell => (cell!["cell_type"]!.GetValue<string>(), Text(cell["source"]!)));

    /// <summary>A text, which nbformat has as one string or as a list of lines.</summary>
    /// <param name="node">The node.</param>
    public static string Text(JsonNode node) =>
        node is JsonArray lines ? string.Concat(lines.Select(line => line!.GetValue<string>())) : node.GetValue<string>();

    /// <summary>A text as a list of lines, each with its end.</summary>
    /// <param name="text">The text.</param>
    public static JsonArray Lines(string text)
    {
        string[] lines = text.Split('\n');
        return [.. lines.Select((line, index) => index < lines.Length - 1 ? $"{line}\n" : line).Where(line => line.Length > 0)];
    }

    private static JsonObject CellOf(int number, Cell cell)
    {
        JsonArray source = Lines(string.Join('\n', cell.IsMarkdown ? cell.Lines : NotebookCode.Of(cell.Lines)));
        var result = new JsonObject
        {
            ["cell_type"] = cell.IsMarkdown ? "markdown" : "code",
            ["id"] = $"cell-{number:00}",
            ["metadata"] = new JsonObject(),
            ["source"] = source,
        };
        if (!cell.IsMarkdown)
        {
            result["execution_count"] = null;
            result["outputs"] = new JsonArray();
        }

        return result;
    }
}
