using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Microsoft.ML.Gmt.Runtime;

/// <content>How a file becomes a part.</content>
internal readonly partial record struct JsonPart
{
    private const int MaximumDepth = 64;
    private const long LargestFile = 512L << 20;

    /// <summary>Reads a file, UTF-8 with or without a byte order mark. The document stays in memory as long as a part of it does.</summary>
    /// <exception cref="GmtFileException">It is not JSON.</exception>
    public static JsonPart Read(string file)
    {
        MistakenFile.ThrowIfBrokenLink(file);
        if (new FileInfo(file) is { Exists: true, Length: > LargestFile } large)
        {
            throw new GmtFileException(
                file, null, string.Create(
                    CultureInfo.InvariantCulture, $"it has {large.Length:n0} bytes; JSON of up to {LargestFile:n0} is read."));
        }

        return Parse(file, System.IO.File.ReadAllBytes(file));
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="GmtFileException">They are not JSON.</exception>
    public static JsonPart Parse(string file, ReadOnlyMemory<byte> bytes)
    {
        if (MistakenFile.Recognize(bytes.Span[..Math.Min(bytes.Length, MistakenFile.HeadLength)]) is { } mistake)
        {
            throw new GmtFileException(file, null, mistake.Problem, mistake.Remedy);
        }

        // The parser does not look into texts, and every later use of one that is not UTF-8 would fail.
        if (!Utf8.IsValid(bytes.Span))
        {
            int offset = InvalidByte(bytes.Span);
            string place = string.Create(
                CultureInfo.InvariantCulture, $"line {bytes.Span[..offset].Count((byte)'\n') + 1}, offset {offset}");
            throw new GmtFileException(file, place, "the text is not valid UTF-8.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(
                bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes, new JsonDocumentOptions { MaxDepth = MaximumDepth });
            return new JsonPart(file, "$", document.RootElement.Clone());
        }
        catch (JsonException error)
        {
            throw Malformed(file, error);
        }
    }

    /// <summary>Reads a file that holds an object.</summary>
    /// <exception cref="GmtFileException">It is not JSON, or something else.</exception>
    public static JsonPart ReadObject(string file)
    {
        JsonPart part = Read(file);
        part.Expect(JsonValueKind.Object, "an object");
        return part;
    }

    /// <summary>What is said of a file that is not JSON.</summary>
    public static GmtFileException Malformed(string file, JsonException error)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}");
        return new GmtFileException(file, place, $"not valid JSON: {JsonProblem.Of(error)}", innerException: error);
    }

    private static int InvalidByte(ReadOnlySpan<byte> bytes)
    {
        int offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }
}
