using System.Buffers.Text;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Faults of a file of names that stand in every line: said once, not a line at a time.</summary>
internal static class OpenKeNameLayout
{
    private const int Enough = 20;

    /// <summary>Looks at the first lines.</summary>
    /// <param name="reader">The file, of which no line was read yet.</param>
    /// <exception cref="GraphFormatException">Ids stand before names, or run from another number than 0.</exception>
    public static void Check(Utf8LineReader reader)
    {
        long? promised = null;
        var lines = new List<(long? First, long? Last)>();
        ReadOnlySpan<byte> rest = reader.Beginning;
        for (bool isFirst = true; lines.Count < Enough && reader.TrySplit(ref rest, out ReadOnlySpan<byte> line); isFirst = false)
        {
            List<Range> fields = OpenKeFields.Split(line);
            if (fields.Count > 1)
            {
                lines.Add((Number(line[fields[0]]), Number(line[fields[^1]])));
            }
            else if (fields.Count == 1 && isFirst)
            {
                promised = Number(line[fields[0]]);
            }
        }

        if (lines.Count > 0 && lines.TrueForAll(line => line.First is not null && line.Last is null))
        {
            throw reader.FileError(
                "the columns are swapped: each line has an id and then a name; put the name first, then a tab and the id.");
        }

        long? start = lines.Count > 1 ? lines[0].Last : null;
        if (start > 0 && start >= promised && lines.Index().All(line => line.Item.Last == start + line.Index))
        {
            throw reader.FileError(
                $"ids run from {start}; they must run from 0 to {promised - 1}: subtract {start} from each, in the files of triples too.");
        }
    }

    private static long? Number(ReadOnlySpan<byte> field) =>
        Utf8Parser.TryParse(field, out long number, out int length) && length == field.Length ? number : null;
}
