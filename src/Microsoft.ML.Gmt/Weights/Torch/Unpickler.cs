namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// Reads a pickle as data: a stack machine that knows the opcodes PyTorch writes (protocols 2 to 5) and the names of
/// <see cref="PickleAllowList"/>, and refuses everything else. It executes nothing and opens nothing.
/// </summary>
/// <remarks>
/// Values: null, <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/>, <see cref="double"/>,
/// <see cref="string"/>, <see cref="byte"/>[], <see cref="List{T}"/>, <see cref="object"/>[] for tuples,
/// <see cref="OrderedDictionary{TKey, TValue}"/>, and <see cref="PickledTensor"/>. Work is bounded by the pickle's length: there are no
/// loops in a pickle, every opcode takes a byte.
/// </remarks>
internal ref partial struct Unpickler
{
    private const int MostOperations = 20_000_000;
    private const int NewestProtocol = 5;

    private readonly string _fileName;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly Dictionary<string, PickledStorage> _storages;
    private PickleReader _reader;

    private Unpickler(ReadOnlySpan<byte> bytes, string fileName, long fileOffset, Dictionary<string, PickledStorage> storages)
    {
        _fileName = fileName;
        _reader = new PickleReader(bytes, fileName, fileOffset);
        _storages = storages;
    }

    /// <summary>Reads one pickle from the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">The pickle; more may follow it.</param>
    /// <param name="fileName">For messages.</param>
    /// <param name="fileOffset">Where the bytes begin in the file, for messages.</param>
    /// <param name="storages">Collects the storages that the pickle names, by key.</param>
    /// <param name="length">How many bytes the pickle took.</param>
    public static object? Read(
        ReadOnlySpan<byte> bytes, string fileName, long fileOffset, Dictionary<string, PickledStorage> storages, out int length)
    {
        Unpickler unpickler = new(bytes, fileName, fileOffset, storages);
        object? value = unpickler.Run();
        length = unpickler._reader.Position;
        return value;
    }

    private object? Run()
    {
        for (int operations = 0; operations < MostOperations; operations++)
        {
            byte opcode = _reader.Byte();
            if (opcode == (byte)'.')
            {
                return _stack.Count == 1 && _marks.Count == 0
                    ? _stack[0]
                    : throw _reader.Fault(
                        $"the pickle ends with {_stack.Count} values and {_marks.Count} open marks instead of one value.");
            }

            Execute(opcode);
        }

        throw _reader.Fault($"the pickle has more than {MostOperations} operations.");
    }

    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case 0x80: CheckProtocol(); break;
            case 0x95: _reader.Frame(); break;
            case (byte)'N': Push(null); break;
            case 0x88: Push(true); break;
            case 0x89: Push(false); break;
            case (byte)'J': Push(_reader.Int32()); break;
            case (byte)'K': Push((long)_reader.Byte()); break;
            case (byte)'M': Push(_reader.UInt16()); break;
            case 0x8a: Push(_reader.Integer(_reader.Byte())); break;
            case 0x8b: Push(_reader.Integer(_reader.Int32())); break;
            case (byte)'G': Push(_reader.Double()); break;
            case (byte)'X': Push(_reader.Text(_reader.UInt32())); break;
            case 0x8c: Push(_reader.Text(_reader.Byte())); break;
            case 0x8d: Push(_reader.Text(_reader.Length64())); break;
            case (byte)'U': Push(_reader.Text(_reader.Byte())); break; // SHORT_BINSTRING, BINSTRING: text written by Python 2
            case (byte)'T': Push(_reader.Text(_reader.Int32())); break;
            case (byte)'C': Push(_reader.Take(_reader.Byte()).ToArray()); break;
            case (byte)'B': Push(_reader.Take(_reader.UInt32()).ToArray()); break;
            case (byte)'}': Push(NewDictionary()); break;
            case (byte)']': Push(new List<object?>()); break;
            case (byte)')': Push(Array.Empty<object?>()); break;
            case (byte)'(': _marks.Add(_stack.Count); break;
            case (byte)'0': Pop(); break;
            case (byte)'q': _memo[_reader.Byte()] = Peek(); break;
            case (byte)'r': _memo[_reader.UInt32()] = Peek(); break;
            case 0x94: _memo[(uint)_memo.Count] = Peek(); break;
            case (byte)'h': Push(Recall(_reader.Byte())); break;
            case (byte)'j': Push(Recall(_reader.UInt32())); break;
            case (byte)'t': Push(PopToMark()); break;
            case 0x85: Push(PopTuple(1)); break;
            case 0x86: Push(PopTuple(2)); break;
            case 0x87: Push(PopTuple(3)); break;
            case (byte)'a': Append([Pop()]); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'s': SetItems(PopTuple(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;
            case (byte)'c': Push(Global(_reader.Line(), _reader.Line())); break;
            case 0x93: PushStackGlobal(); break;
            case (byte)'Q': Push(Storage(Pop<object?[]>("a storage's description"))); break;
            case (byte)'R': Reduce(); break;
            case (byte)'b': Build(); break;
            default: throw _reader.Fault(Refusal(opcode));
        }
    }

    private static OrderedDictionary<object, object?> NewDictionary() => new(PickleKeyComparer.Instance);

    private static string Refusal(byte opcode) => opcode switch
    {
        (byte)'i' or (byte)'o' or 0x81 or 0x92 =>
            $"opcode 0x{opcode:x2} makes an object of an arbitrary class; such files are refused because reading them could run code.",
        0x82 or 0x83 or 0x84 => $"opcode 0x{opcode:x2} asks for a registered extension; such files are refused.",
        _ => $"opcode 0x{opcode:x2} does not occur in PyTorch's weight files.",
    };

    private void CheckProtocol()
    {
        byte protocol = _reader.Byte();
        if (protocol is < 2 or > NewestProtocol)
        {
            throw _reader.Fault($"pickle protocol {protocol} is not supported; 2 to {NewestProtocol} are.");
        }
    }

    private readonly void Push(object? value) => _stack.Add(value);

    private readonly object? Peek() =>
        _stack.Count > Floor ? _stack[^1] : throw _reader.Fault("the pickle takes a value from an empty stack.");

    // Nothing below the last mark may be taken before the mark is.
    private readonly int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    private readonly object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private readonly T Pop<T>(string what) =>
        Pop() is T value ? value : throw _reader.Fault($"the pickle has something else where {what} must stand.");

    private readonly object?[] PopTuple(int count)
    {
        if (_stack.Count - Floor < count)
        {
            throw _reader.Fault($"the pickle takes {count} values from a stack of {_stack.Count - Floor}.");
        }

        object?[] values = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private readonly object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw _reader.Fault("the pickle closes a mark that it did not open.");
        }

        object?[] values = PopTuple(_stack.Count - Floor);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private readonly object? Recall(uint index) =>
        _memo.TryGetValue(index, out object? value) ? value : throw _reader.Fault($"memo entry {index} was never stored.");

    private readonly void Append(object?[] values)
    {
        if (Peek() is not List<object?> list)
        {
            throw _reader.Fault("the pickle appends to something that is not a list.");
        }

        list.AddRange(values);
    }

    private readonly void SetItems(object?[] values)
    {
        if (Peek() is not OrderedDictionary<object, object?> dictionary || values.Length % 2 != 0)
        {
            throw _reader.Fault("the pickle sets items of something that is not a dictionary, or keys without values.");
        }

        for (int i = 0; i < values.Length; i += 2)
        {
            dictionary[Key(values[i])] = values[i + 1];
        }
    }

    private readonly object Key(object? key) =>
        key is string or long or bool or double ? key : throw _reader.Fault("a dictionary key is neither text nor a number.");
}
