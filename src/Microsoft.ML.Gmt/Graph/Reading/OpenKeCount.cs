namespace Microsoft.ML.Gmt.Graph;

/// <summary>The first line of an OpenKE file: how many lines follow.</summary>
internal static class OpenKeCount
{
    public static int Read(Utf8LineReader reader)
    {
        if (!reader.TryRead(out ReadOnlySpan<byte> line))
        {
            throw reader.FileError("the file is empty; its first line must be the number of lines that follow.");
        }

        List<Range> fields = OpenKeFields.Split(line);
        return fields.Count == 1 && OpenKeFields.TryParse(line[fields[0]], out int count)
            ? count
            : throw reader.Error(
                $"the first line must be the number of lines that follow, found '{Utf8LineReader.Show(line)}'.", line, 0,
                Utf8LineReader.Show(line));
    }

    /// <summary>The same, or null where the fault was noted.</summary>
    public static int? TryRead(Utf8LineReader reader, FaultLog log)
    {
        try
        {
            return Read(reader);
        }
        catch (GraphFormatException fault) when (log.Notes)
        {
            log.Report(fault);
            return null;
        }
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
