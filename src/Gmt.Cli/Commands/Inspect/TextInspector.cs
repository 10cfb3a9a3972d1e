using System.Globalization;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Says what single text files of OpenKE's layout hold. A folder of them is checked by 'gmt graph'.</summary>
internal static class TextInspector
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>A file of a count and then a name and its id a line, or three ids a line; null where it is something else.</summary>
    public static Report? OpenKe(string path)
    {
        using var reader = new StreamReader(path);
        if (!int.TryParse(reader.ReadLine()?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int promised))
        {
            return null;
        }

        (long lines, bool areTriples, bool areNames) = (0, true, true);
        while ((areTriples || areNames) && reader.ReadLine() is { } line)
        {
            string[] fields = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            areTriples &= fields.Length == 3 && fields.All(IsId);
            areNames &= fields.Length >= 2 && IsId(fields[^1]);
            lines++;
        }

        return lines == 0 || !(areTriples || areNames) ? null
            : new Report($"{path}: {(areTriples ? "triples by id" : "names and their ids")} (OpenKE); 'gmt graph' checks its folder")
                .With(areTriples ? "triples" : "names", lines)
                .With("promised by the first line", promised);
    }

    /// <summary>A file with one tab a line, before it a name; null where it is something else.</summary>
    public static Report? NamedTexts(string path)
    {
        long lines = 0;
        foreach (string line in File.ReadLines(path))
        {
            if (line.Count(letter => letter == '\t') != 1 || line[0] == '\t')
            {
                return null;
            }

            lines++;
        }

        return lines == 0 ? null : new Report($"{path}: names and their texts").With("names", lines);
    }

    /// <summary>A vocabulary of WordPiece: a token a line.</summary>
    public static Report Vocabulary(string path) =>
        new Report($"{path}: vocabulary, a token a line").With("tokens", File.ReadLines(path).LongCount());

    private static bool IsId(string field) => int.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
}
