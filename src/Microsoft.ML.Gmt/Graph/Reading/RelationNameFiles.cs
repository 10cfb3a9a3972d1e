using System.Text;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Names of relations that files beside triples list, by which the column of relations is known.</summary>
internal static class RelationNameFiles
{
    private static readonly string[] FileNames =
        [OpenKeFolder.RelationFile, NameTextFile.RelationTexts, "relations.txt", "relations.dict", LibKgeFolder.RelationFile];

    /// <summary>
    /// Whatever may be a name in the first such file of a folder: of each line all fields but numbers, or the line itself.
    /// </summary>
    public static IReadOnlySet<string> Read(string folder)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is not { } path)
        {
            return names;
        }

        using var reader = new Utf8LineReader(path);
        while (reader.TryRead(out ReadOnlySpan<byte> line))
        {
            string text = Encoding.UTF8.GetString(line);
            string[] fields = text.Contains('\t', StringComparison.Ordinal) ? text.Split('\t')
                : [text, text[..Math.Max(text.LastIndexOf(' '), 0)]];
            names.UnionWith(fields.Select(field => field.Trim()).Where(field => field.Length > 0 && !field.All(char.IsAsciiDigit)));
        }

        return names;
    }
}
