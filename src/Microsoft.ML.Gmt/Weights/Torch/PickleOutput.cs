using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// The opcodes and literals of a pickle of protocol 2, each in the form that Python's pickler chooses, and its memo: every new object gets
/// the next number, and what is one object in Python is referred to by that number the second time.
/// </summary>
internal sealed class PickleOutput
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private int _memoized;

    /// <summary>What was written so far.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Op(char opcode) => Op((byte)opcode);

    public void Op(params ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>Numbers the object just written.</summary>
    public void Memoize() => MemoOp('q', 'r', _memoized++);

    /// <summary>A class or function by its name.</summary>
    public void Global(string module, string name) =>
        Remembered($"c{module}\n{name}\n", () => _bytes.Write(Encoding.UTF8.GetBytes($"c{module}\n{name}\n")));

    /// <summary>A literal of Python's source, which is one object there.</summary>
    public void Constant(string text) => Remembered("X" + text, () => WriteText(text));

    public void Text(string text)
    {
        WriteText(text);
        Memoize();
    }

    /// <summary>Protocol 2 knows no bytes: they are made of text.</summary>
    public void Bytes(byte[] bytes)
    {
        Global("_codecs", "encode");
        Text(string.Create(bytes.Length, bytes, static (characters, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                characters[i] = (char)source[i];
            }
        }));
        Constant("latin1");
        EndTuple(2);
        Op('R');
        Memoize();
    }

    /// <exception cref="ArgumentException">The number has more than 255 bytes.</exception>
    public void Integer(BigInteger value)
    {
        if (value >= 0 && value < 256)
        {
            Op((byte)'K', (byte)value);
        }
        else if (value >= 0 && value < 65536)
        {
            Op((byte)'M', (byte)((int)value & 0xff), (byte)((int)value >> 8));
        }
        else if (value >= int.MinValue && value <= int.MaxValue)
        {
            Op('J');
            Int32((int)value);
        }
        else
        {
            byte[] bytes = value.ToByteArray();
            if (bytes.Length > byte.MaxValue)
            {
                throw new ArgumentException("An integer of more than 255 bytes cannot be written.", nameof(value));
            }

            Op(0x8a, (byte)bytes.Length);
            _bytes.Write(bytes);
        }
    }

    public void Real(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        Op('G');
        _bytes.Write(bytes);
    }

    /// <summary>Makes a tuple of the last values; more than three stand after a mark.</summary>
    public void EndTuple(int count)
    {
        Op(count switch { 1 => (byte)0x85, 2 => (byte)0x86, 3 => (byte)0x87, _ => (byte)'t' });
        Memoize();
    }

    public void EmptyOrderedDictionary()
    {
        Global("collections", "OrderedDict");
        Op(')');
        Op('R');
        Memoize();
    }

    private void Remembered(string identity, Action write)
    {
        if (_numbers.TryGetValue(identity, out int index))
        {
            MemoOp('h', 'j', index);
            return;
        }

        write();
        _numbers.Add(identity, _memoized);
        Memoize();
    }

    private void MemoOp(char narrow, char wide, int index)
    {
        if (index < 256)
        {
            Op((byte)narrow, (byte)index);
        }
        else
        {
            Op(wide);
            Int32(index);
        }
    }

    private void WriteText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Op('X');
        Int32(bytes.Length);
        _bytes.Write(bytes);
    }

    private void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _bytes.Write(bytes);
    }
}
