using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads the parts of a saved graph and trusts none of its sizes: memory grows only as bytes arrive.</summary>
internal sealed class GraphStreamReader
{
    private const int Chunk = 1 << 16;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Stream _stream;
    private byte[] _buffer = new byte[Chunk];
    private long _position;

    public GraphStreamReader(Stream stream) => _stream = stream;

    public GraphFormatException Error(string problem) =>
        new($"The saved graph cannot be read: {problem} (byte {_position}). Save it again, or read the graph from its files.");

    public void Expect(ReadOnlySpan<byte> expected, string otherwise)
    {
        Span<byte> found = stackalloc byte[expected.Length];
        ReadExactly(found);
        if (!found.SequenceEqual(expected))
        {
            throw Error(otherwise);
        }
    }

    public void ReadExactly(Span<byte> bytes)
    {
        int read = _stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        _position += read;
        if (read < bytes.Length)
        {
            throw Error("it ends too early");
        }
    }

    public int ReadInt32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    public int ReadCount(string what)
    {
        int count = ReadInt32();
        return count >= 0 && count <= Array.MaxLength ? count : throw Error($"it claims to have {count} {what}");
    }

    public bool ReadFlag()
    {
        Span<byte> flag = stackalloc byte[1];
        ReadExactly(flag);
        return flag[0] <= 1 ? flag[0] == 1 : throw Error($"{flag[0]} is neither yes nor no");
    }

    public Vocabulary ReadNames(string kind)
    {
        int count = ReadCount($"{kind} names");
        var names = new List<string>(Math.Min(count, Chunk));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (names.Count < count)
        {
            string name = ReadString();
            if (!seen.Add(name))
            {
                throw Error($"the {kind} name '{name}' stands there twice");
            }

            names.Add(name);
        }

        return new Vocabulary(names);
    }

    public NameTexts ReadTexts(int nameCount)
    {
        int count = ReadCount("texts");
        if (count == 0)
        {
            return NameTexts.None;
        }

        string?[] texts = new string?[nameCount];
        int previous = -1;
        for (int i = 0; i < count; i++)
        {
            int id = ReadInt32();
            if (id <= previous || id >= nameCount)
            {
                throw Error($"the id {id} of a text is out of order or range");
            }

            texts[id] = ReadString();
            previous = id;
        }

        return new NameTexts(texts);
    }

    private string ReadString()
    {
        int length = ReadLength();
        int read = 0;
        while (read < length)
        {
            int part = Math.Min(length - read, Chunk);
            if (read + part > _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Max(read + part, (int)Math.Min(2L * _buffer.Length, Array.MaxLength)));
            }

            ReadExactly(_buffer.AsSpan(read, part));
            read += part;
        }

        try
        {
            return Strict.GetString(_buffer, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw Error("a name or text is not UTF-8");
        }
    }

    private int ReadLength()
    {
        uint length = 0;
        Span<byte> part = stackalloc byte[1];
        for (int shift = 0; shift < 35; shift += 7)
        {
            ReadExactly(part);
            length |= (part[0] & 0x7Fu) << shift;
            if (part[0] < 0x80)
            {
                return length <= Array.MaxLength ? (int)length : throw Error($"a text claims to have {length} bytes");
            }
        }

        throw Error("the length of a text has more than five bytes");
    }
}
