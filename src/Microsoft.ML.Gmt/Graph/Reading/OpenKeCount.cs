namespace Microsoft.ML.Gmt.Graph;

/// <summary>The first line of an OpenKE file: how many lines follow.</summary>
internal static class OpenKeCount
{
    /// <summary>Reads it; null where a fault was noted.</summary>
    public static int? TryRead(Utf8LineReader reader, FaultLog log)
    {
        if (!reader.TryRead(out ReadOnlySpan<byte> line))
        {
            log.Report(reader.FileError("the file is empty; its first line must be the number of lines that follow."));
            return null;
        }

        List<Range> fields = OpenKeFields.Split(line);
        if (fields.Count == 1 && OpenKeFields.TryParse(line[fields[0]], out int count))
        {
            return count;
        }

        string shown = Utf8LineReader.Show(line);
        log.Report(reader.Error($"the first line must be the number of lines that follow, found '{shown}'.", line, 0, shown));
        return null;
    }

    public static void Check(Utf8LineReader reader, int? expected, int found, string what, FaultLog log)
    {
        if (expected is { } promised && promised != found)
        {
            log.Report(new GraphFormatException(
                $"the first line promises {promised} {what}, but {found} follow; correct the number or restore the missing lines.",
                reader.FileName,
                1,
                1,
                $"{promised}"));
        }
    }
}
