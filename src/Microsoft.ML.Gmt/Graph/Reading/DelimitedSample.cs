namespace Microsoft.ML.Gmt.Graph;

/// <summary>The first lines of a file that are not blank: enough to see what all of it looks like.</summary>
internal sealed class DelimitedSample
{
    private const int MostLines = 1000;
    private const int MostBytes = 1 << 22;

    private DelimitedSample(string path, IReadOnlyList<byte[]> lines, long firstLine) =>
        (Path, Lines, FirstLine) = (path, lines, firstLine);

    public string Path { get; }

    /// <summary>The lines, at least one.</summary>
    public IReadOnlyList<byte[]> Lines { get; }

    /// <summary>The number of the first of them in the file, from 1.</summary>
    public long FirstLine { get; }

    public string FileName => System.IO.Path.GetFileName(Path);

    /// <summary>Reads the first lines of a file.</summary>
    /// <exception cref="GraphFormatException">The file is empty, or of another kind than text of UTF-8.</exception>
    public static DelimitedSample Of(string path)
    {
        DelimitedSample sample = OfAnything(path);
        ForeignFormat.Refuse(path, sample.Lines);
        return sample;
    }

    /// <summary>Reads the first lines of a file, whatever they are.</summary>
    /// <exception cref="GraphFormatException">The file is empty, or its encoding is UTF-16.</exception>
    public static DelimitedSample OfAnything(string path)
    {
        using var reader = new Utf8LineReader(path);
        var lines = new List<byte[]>();
        (long first, long bytes) = (0, 0);
        while (lines.Count < MostLines && bytes < MostBytes && reader.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!Utf8LineReader.IsBlank(line))
            {
                first = lines.Count == 0 ? reader.Line : first;
                lines.Add(line.ToArray());
                bytes += line.Length;
            }
        }

        if (lines.Count == 0)
        {
            throw reader.FileError("the file is empty; it must hold a triple a line.");
        }

        return new DelimitedSample(path, lines, first);
    }

    /// <summary>An error about the first line, or about the file as a whole.</summary>
    public GraphFormatException Error(string problem, bool firstLine, string? value = null) =>
        new(problem, Path, firstLine ? FirstLine : 0, 0, value);
}
