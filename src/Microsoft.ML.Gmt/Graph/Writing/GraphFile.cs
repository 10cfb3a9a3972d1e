using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Writes the text files of graphs: UTF-8, lines that end with LF, each file whole or not at all.</summary>
internal static class GraphFile
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>How files are named by their split.</summary>
    public static IReadOnlyList<(GraphSplit Split, string Name)> Splits { get; } =
        [(GraphSplit.Train, "train"), (GraphSplit.Validation, "valid"), (GraphSplit.Test, "test")];

    /// <summary>Writes lines.</summary>
    public static void Write(string path, IEnumerable<string> lines) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, Strict, leaveOpen: true) { NewLine = "\n" };
        foreach (string line in lines)
        {
            writer.WriteLine(line);
        }
    });

    /// <summary>Writes lines after their number.</summary>
    public static void WriteCounted(string path, int count, IEnumerable<string> lines) =>
        Write(path, lines.Prepend(count.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Writes the texts and definitions that a graph has, in the files where readers look for them.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="ofEntity">Whether those of an entity are wanted.</param>
    /// <param name="ofRelation">Whether those of a relation are wanted.</param>
    public static void WriteTexts(KnowledgeGraph graph, string folder, Func<int, bool> ofEntity, Func<int, bool> ofRelation)
    {
        GraphContent content = graph.Content;
        WriteTexts(Path.Combine(folder, NameTextFile.EntityTexts), content.EntityTexts, graph.Entities, ofEntity);
        WriteTexts(Path.Combine(folder, NameTextFile.EntityDefinitions), content.EntityDefinitions, graph.Entities, ofEntity);
        WriteTexts(Path.Combine(folder, NameTextFile.RelationTexts), content.RelationTexts, graph.Relations, ofRelation);
        WriteTexts(Path.Combine(folder, NameTextFile.RelationDefinitions), content.RelationDefinitions, graph.Relations, ofRelation);
    }

    /// <summary>A name or text, if a line can hold it.</summary>
    /// <exception cref="NotSupportedException">It holds a line break, or a tab where that has another meaning.</exception>
    public static string OfOneLine(string text, bool tabs) => text.AsSpan().IndexOfAny(tabs ? "\r\n" : "\r\n\t") is >= 0 and var at
        ? throw new NotSupportedException(
            $"'{Shown(text)}' holds a {(text[at] == '\t' ? "tab" : "line break")}, which this form has no room for; a .gmtgraph "
            + "file holds any text.")
        : text;

    private static void WriteTexts(string path, NameTexts texts, Vocabulary names, Func<int, bool> isWanted)
    {
        int[] ids = [.. Enumerable.Range(0, names.Count).Where(id => texts[id] is not null && isWanted(id))];
        if (ids.Length > 0)
        {
            Write(path, ids.Select(id => $"{OfOneLine(names[id], tabs: false)}\t{OfOneLine(texts[id]!, tabs: true)}"));
        }
    }

    private static string Shown(string text) =>
        string.Concat((text.Length > 60 ? text[..60] + "…" : text).Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
