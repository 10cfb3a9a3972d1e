using System.Globalization;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Reads a folder of LibKGE: <c>entity_ids.del</c> and <c>relation_ids.del</c> (id, tab, name), <c>train.del</c>, <c>valid.del</c> and
/// <c>test.del</c> (ids of subject, predicate, object), their <c>_negatives.del</c>, and labels in <c>entity_strings.del</c> and
/// <c>relation_strings.del</c> (name, tab, label).
/// </summary>
internal static class LibKgeFolder
{
    public const string EntityFile = "entity_ids.del";
    public const string RelationFile = "relation_ids.del";

    private const string EntityTexts = "entity_strings.del";
    private const string RelationTexts = "relation_strings.del";

    /// <summary>Whether a folder is in this layout.</summary>
    public static bool IsAt(string folder) =>
        File.Exists(Path.Combine(folder, EntityFile)) && File.Exists(Path.Combine(folder, RelationFile))
            && File.Exists(Path.Combine(folder, "train.del"));

    public static KnowledgeGraph Read(string folder, bool addInverse, FaultLog log)
    {
        Vocabulary entities = ReadNames(Path.Combine(folder, EntityFile), log);
        Vocabulary relations = ReadNames(Path.Combine(folder, RelationFile), log);
        var bounds = new GraphBounds(entities.Count, relations.Count);
        var file = new OpenKeTripleFile(TripleColumns.Parse("hrt"), bounds, log) { HasCount = false };
        SplitFiles files = SplitFiles.In(folder, null, ".del");
        Triple[] ReadOrNone(string? path) => path is null ? [] : file.Read(path);
        var content = new GraphContent(entities, relations)
        {
            Triples = [.. files.Positives.Select(ReadOrNone)],
            Negatives = [.. files.Negatives.Select(ReadOrNone)],
            EntityTexts = NameTextFile.ReadIfThere(Path.Combine(folder, EntityTexts), entities, ignoreUnknownNames: true, log),
            RelationTexts = NameTextFile.ReadIfThere(Path.Combine(folder, RelationTexts), relations, ignoreUnknownNames: true, log),
        };
        UnreadFiles.Note(folder, [.. files.All, EntityFile, RelationFile, EntityTexts, RelationTexts], content, log);
        return new KnowledgeGraph(content, addInverse);
    }

    private static Vocabulary ReadNames(string path, FaultLog log)
    {
        using var reader = new Utf8LineReader(path);
        var names = new List<string>();
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        while (reader.TryRead(out ReadOnlySpan<byte> line))
        {
            try
            {
                string name = ReadName(reader, line, names.Count);
                if (!ids.TryAdd(name, names.Count))
                {
                    throw reader.Error($"the name '{name}' has the id {ids[name]} already; a name has one id.", line,
                        line.IndexOf((byte)'\t') + 1, name);
                }

                names.Add(name);
            }
            catch (GraphFormatException fault) when (log.Notes)
            {
                log.Report(fault);
                string substitute = string.Create(CultureInfo.InvariantCulture, $"#{names.Count} of line {reader.Line}");
                while (!ids.TryAdd(substitute, names.Count))
                {
                    substitute = $"#{substitute}";
                }

                names.Add(substitute);
            }
        }

        return new Vocabulary(names);
    }

    private static string ReadName(Utf8LineReader reader, ReadOnlySpan<byte> line, int expected)
    {
        int tab = line.IndexOf((byte)'\t');
        if (tab < 0 || tab == line.Length - 1 || !OpenKeFields.TryParse(line[..tab], out int id) || id != expected)
        {
            throw reader.Error(
                $"expected the id {expected}, a tab and a name, found '{Utf8LineReader.Show(line)}'; ids run from 0, one a line.", line, 0,
                Utf8LineReader.Show(line));
        }

        // Further fields say more about the name.
        ReadOnlySpan<byte> rest = line[(tab + 1)..];
        int next = rest.IndexOf((byte)'\t');
        return reader.Decode(line, (tab + 1)..(next < 0 ? line.Length : tab + 1 + next));
    }
}
