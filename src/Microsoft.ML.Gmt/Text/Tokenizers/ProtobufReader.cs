using System.Buffers.Binary;
using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Walks the fields of a protocol buffer message. Every length is checked against what is left before it is used.</summary>
internal ref struct ProtobufReader
{
    private readonly string _file;
    private readonly ReadOnlySpan<byte> _data;
    private readonly long _origin;
    private int _position;
    private int _wireType;

    /// <param name="file">The file, for errors.</param>
    /// <param name="data">The message.</param>
    /// <param name="origin">Where in the file the message begins, for errors.</param>
    public ProtobufReader(string file, ReadOnlySpan<byte> data, long origin = 0)
    {
        _file = file;
        _data = data;
        _origin = origin;
    }

    /// <summary>Where in the file the reader stands.</summary>
    public readonly long Offset => _origin + _position;

    /// <summary>Moves to the next field, whose value must be read or skipped next.</summary>
    public bool Next(out int field)
    {
        field = 0;
        if (_position == _data.Length)
        {
            return false;
        }

        ulong tag = Varint();
        field = tag >> 3 is > 0 and <= int.MaxValue ? (int)(tag >> 3)
            : throw Fault("a field number is out of range; this is not a protocol buffer.");
        _wireType = (int)(tag & 7);
        return true;
    }

    public long Integer()
    {
        Expect(0, "a number");
        return (long)Varint();
    }

    public bool Flag() => Integer() != 0;

    public float Single()
    {
        Expect(5, "a 32-bit float");
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    public ReadOnlySpan<byte> Bytes()
    {
        Expect(2, "a string or message");
        return Take(Varint());
    }

    public ProtobufReader Message()
    {
        ReadOnlySpan<byte> data = Bytes();
        return new ProtobufReader(_file, data, Offset - data.Length);
    }

    public string Text()
    {
        long start = Offset;
        try
        {
            return StrictUtf8.GetString(Bytes());
        }
        catch (System.Text.DecoderFallbackException)
        {
            throw Fault(start, "a string is not valid UTF-8.");
        }
    }

    public void Skip()
    {
        switch (_wireType)
        {
            case 0: Varint(); break;
            case 1: Take(8); break;
            case 2: Take(Varint()); break;
            case 5: Take(4); break;
            default: throw Fault($"wire type {_wireType.ToString(CultureInfo.InvariantCulture)} does not exist; the file is damaged.");
        }
    }

    public readonly GmtFileException Fault(string problem) => Fault(Offset, problem);

    private readonly GmtFileException Fault(long offset, string problem) =>
        new(_file, string.Create(CultureInfo.InvariantCulture, $"offset {offset}"), problem);

    private static readonly System.Text.UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly void Expect(int wireType, string what)
    {
        if (_wireType != wireType)
        {
            throw Fault($"expected {what}, found wire type {_wireType.ToString(CultureInfo.InvariantCulture)}.");
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_position == _data.Length)
            {
                throw Fault("the file ends inside a number; it is cut short.");
            }

            byte part = _data[_position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Fault("a number is longer than 64 bits; the file is damaged.");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_data.Length - _position))
        {
            int left = _data.Length - _position;
            throw Fault(string.Create(
                CultureInfo.InvariantCulture, $"{length} bytes are announced, {left} are left; the file is cut short or damaged."));
        }

        ReadOnlySpan<byte> taken = _data.Slice(_position, (int)length);
        _position += (int)length;
        return taken;
    }
}
