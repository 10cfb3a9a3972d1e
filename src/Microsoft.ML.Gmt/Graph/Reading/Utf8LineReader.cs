using System.Text;
using System.Text.Unicode;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Reads a file line by line as UTF-8 bytes, without decoding and without an allocation a line. Lines end with LF or CR LF, or with CR
/// where the beginning of the file has no LF; a byte order mark is passed over. Blank lines at the end of the file are left out, others
/// are handed out.
/// </summary>
internal sealed class Utf8LineReader : IDisposable
{
    private const int LargestInitialBuffer = 1 << 18;
    private const int LongestLine = 1 << 28;

    private readonly Stream _stream;
    private readonly byte _lineEnd = (byte)'\n';
    private byte[] _buffer;
    private int _start;
    private int _end;
    private bool _exhausted;

    public Utf8LineReader(string path)
    {
        FileName = path;
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        _stream = file;

        // One byte more than a small file, so that one read takes it in and the next sees its end.
        _buffer = GC.AllocateUninitializedArray<byte>((int)Math.Min(file.Length + 1, LargestInitialBuffer));
        try
        {
            Fill();
            ForeignFormat.RefuseMistaken(path, _buffer.AsSpan(0, _end));
            ForeignFormat.RefuseEncoding(path, _buffer.AsSpan(0, _end));
        }
        catch
        {
            file.Dispose();
            throw;
        }

        ReadOnlySpan<byte> beginning = _buffer.AsSpan(0, _end);
        _start = beginning.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;

        _lineEnd = beginning.Contains((byte)'\r') && !beginning.Contains((byte)'\n') ? (byte)'\r' : (byte)'\n';
    }

    public string FileName { get; }

    /// <summary>The number of the line read last, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>
    /// What was read of the file at first, all of a small one; valid before the first line is read.
    /// </summary>
    public ReadOnlySpan<byte> Beginning => _buffer.AsSpan(_start, _end - _start);

    public void Dispose() => _stream.Dispose();

    /// <summary>Takes a line off the beginning, without its end; not one that is cut off there.</summary>
    public bool TrySplit(ref ReadOnlySpan<byte> beginning, out ReadOnlySpan<byte> line)
    {
        int length = beginning.IndexOf(_lineEnd);
        line = length < 0 ? beginning : beginning[..length];
        beginning = beginning[Math.Min(line.Length + 1, beginning.Length)..];
        bool isLine = length >= 0 || (line.Length > 0 && _end < _buffer.Length);
        line = line is [.., (byte)'\r'] ? line[..^1] : line;
        return isLine;
    }

    /// <summary>Hands out the next line without its end; it is valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        if (!TryReadAny(out line))
        {
            return false;
        }

        return !IsBlank(line) || !OnlyBlanksFollow();
    }

    /// <summary>Makes an error about the line read last.</summary>
    /// <param name="problem">What is wrong and what to do about it.</param>
    /// <param name="line">The line.</param>
    /// <param name="column">Where in the line, as a byte index; -1 for the whole line.</param>
    /// <param name="value">The value found.</param>
    public GraphFormatException Error(string problem, ReadOnlySpan<byte> line = default, int column = -1, string? value = null) =>
        new(problem, FileName, Line, column < 0 ? 0 : CharactersIn(line[..column]) + 1, value);

    /// <summary>Makes an error about the file as a whole.</summary>
    public GraphFormatException FileError(string problem) => new(problem, FileName, 0, 0, null);

    /// <summary>Decodes a part of the line read last.</summary>
    /// <exception cref="GraphFormatException">It is not UTF-8.</exception>
    public string Decode(ReadOnlySpan<byte> line, Range part) =>
        EncodingFault(line, part) is { } fault ? throw fault : Encoding.UTF8.GetString(line[part]);

    /// <summary>What is wrong with a part of the line read last where it is not UTF-8, or null.</summary>
    public GraphFormatException? EncodingFault(ReadOnlySpan<byte> line, Range part)
    {
        ReadOnlySpan<byte> bytes = line[part];
        if (Utf8.IsValid(bytes))
        {
            return null;
        }

        int bad = part.Start.GetOffset(line.Length) + ValidPrefix(bytes);
        return Error($"the byte 0x{line[bad]:X2} is not UTF-8; save the file with that encoding.", line, bad, $"0x{line[bad]:X2}");
    }

    /// <summary>
    /// Text for an error message, whatever the bytes are: shortened, control characters and broken UTF-8 replaced, invisible characters,
    /// such as byte order marks, by their code.
    /// </summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        const int limit = 60;
        return Visible(Encoding.UTF8.GetString(bytes.Length > 4 * limit ? bytes[..(4 * limit)] : bytes), limit);
    }

    /// <inheritdoc cref="Show"/>
    public static string Visible(string text, int limit = 60)
    {
        string shown = string.Concat(text.Select(
            c => c == '\t' ? "\\t" : char.IsControl(c) ? "\uFFFD" : Invisible.Is(c) ? $"<U+{(int)c:X4}>" : $"{c}"));
        return shown.Length > limit ? shown[..limit] + "…" : shown;
    }

    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r"u8) < 0;

    private static int ValidPrefix(ReadOnlySpan<byte> bytes)
    {
        int valid = 0;
        while (valid < bytes.Length && Rune.DecodeFromUtf8(bytes[valid..], out _, out int consumed) == System.Buffers.OperationStatus.Done)
        {
            valid += consumed;
        }

        return valid;
    }

    private static long CharactersIn(ReadOnlySpan<byte> bytes)
    {
        long count = 0;
        foreach (byte b in bytes)
        {
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }

    private bool TryReadAny(out ReadOnlySpan<byte> line)
    {
        int scanned = 0;
        while (true)
        {
            int length = _buffer.AsSpan(_start + scanned, _end - _start - scanned).IndexOf(_lineEnd);
            if (length >= 0)
            {
                line = TakeLine(scanned + length, 1);
                return true;
            }

            scanned = _end - _start;
            if (_exhausted)
            {
                line = TakeLine(scanned, 0);
                return scanned > 0;
            }

            Fill();
        }
    }

    private ReadOnlySpan<byte> TakeLine(int length, int terminator)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        _start += length + terminator;
        Line += length + terminator > 0 ? 1 : 0;
        return length > 0 && line[^1] == '\r' ? line[..^1] : line;
    }

    private bool OnlyBlanksFollow()
    {
        while (true)
        {
            if (!IsBlankOrLineFeeds(_buffer.AsSpan(_start, _end - _start)))
            {
                return false;
            }

            if (_exhausted)
            {
                return true;
            }

            Fill();
        }
    }

    private static bool IsBlankOrLineFeeds(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LongestLine)
            {
                throw new GraphFormatException(
                    $"the line is longer than {LongestLine:N0} bytes; is this a text file?", FileName, Line + 1, 0, null);
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _exhausted = read == 0;
    }
}
