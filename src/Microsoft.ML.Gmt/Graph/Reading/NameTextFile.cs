namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Reads labels or definitions: a name, a tab and a text a line; the text may hold further tabs, and a blank one says that there is none.
/// </summary>
internal static class NameTextFile
{
    public const string EntityTexts = "entity2text.txt";
    public const string RelationTexts = "relation2text.txt";
    public const string EntityDefinitions = "entity2definition.txt";
    public const string RelationDefinitions = "relation2definition.txt";

    /// <summary>The files that a folder may have.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [EntityTexts, RelationTexts, EntityDefinitions, RelationDefinitions];

    /// <summary>Adds the texts and definitions that a folder has.</summary>
    public static GraphContent AddFrom(string folder, GraphContent content, bool ignoreUnknownNames, FaultLog log) => content with
    {
        EntityTexts = ReadIfThere(Path.Combine(folder, EntityTexts), content.Entities, ignoreUnknownNames, log),
        RelationTexts = ReadIfThere(Path.Combine(folder, RelationTexts), content.Relations, ignoreUnknownNames, log),
        EntityDefinitions = ReadIfThere(Path.Combine(folder, EntityDefinitions), content.Entities, ignoreUnknownNames, log),
        RelationDefinitions = ReadIfThere(Path.Combine(folder, RelationDefinitions), content.Relations, ignoreUnknownNames, log),
    };

    /// <summary>Reads a file of texts; no texts where it is not there.</summary>
    public static NameTexts ReadIfThere(string path, Vocabulary names, bool ignoreUnknownNames, FaultLog log) =>
        File.Exists(path) ? Read(path, names, ignoreUnknownNames, log) : NameTexts.None;

    private static NameTexts Read(string path, Vocabulary names, bool ignoreUnknownNames, FaultLog log)
    {
        using var reader = new Utf8LineReader(path);
        string?[] texts = new string?[names.Count];
        long ignored = 0;
        var examples = new List<string>();
        while (reader.TryRead(out ReadOnlySpan<byte> line))
        {
            try
            {
                if (Add(reader, line, names, ignoreUnknownNames, texts) is { } name && ignored++ < GraphDoubt.MostExamples)
                {
                    examples.Add(name);
                }
            }
            catch (GraphFormatException fault) when (log.Notes)
            {
                log.Report(fault);
            }
        }

        if (ignored > 0)
        {
            log.Doubt(new GraphDoubt(
                $"lines of '{Path.GetFileName(path)}' that were passed over, for the graph lacks the name or it has another text already",
                ignored, examples));
        }

        return new NameTexts(texts);
    }

    /// <summary>Takes up the text of a line; or says the name whose text is passed over.</summary>
    private static string? Add(Utf8LineReader reader, ReadOnlySpan<byte> line, Vocabulary names, bool ignoreUnknownNames, string?[] texts)
    {
        int tab = line.IndexOf((byte)'\t');
        if (tab <= 0)
        {
            throw reader.Error(
                $"expected a name, a tab and a text, found '{Utf8LineReader.Show(line)}'.", line, 0, Utf8LineReader.Show(line));
        }

        string name = reader.Decode(line, ..tab);
        string text = reader.Decode(line, (tab + 1)..);
        if (!names.TryGetId(name, out int id) && !names.TryGetId(name.Trim(), out id))
        {
            if (ignoreUnknownNames)
            {
                return name;
            }

            throw reader.Error(
                $"the graph has no '{name}'; remove the line, or set {nameof(OpenKeOptions)}."
                + $"{nameof(OpenKeOptions.IgnoreTextsOfUnknownNames)} to pass such lines over.",
                line,
                0,
                name);
        }

        if (texts[id] is { } earlier && earlier != text)
        {
            return ignoreUnknownNames ? name : throw reader.Error(
                $"'{name}' has another text in an earlier line; keep one of them, or set {nameof(OpenKeOptions)}."
                + $"{nameof(OpenKeOptions.IgnoreTextsOfUnknownNames)} to keep the first.",
                line, 0, name);
        }

        texts[id] ??= string.IsNullOrWhiteSpace(text) ? null : text;
        return null;
    }
}
