namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// Reads a pickle as data: a stack machine that knows the opcodes PyTorch writes (protocols 2 to 5) and the names of
/// <see cref="PickleAllowList"/>, and refuses everything else. It executes nothing and opens nothing.
/// </summary>
/// <remarks>
/// Values: null, <see cref="bool"/>, <see cref="long"/>, <see cref="System.Numerics.BigInteger"/>, <see cref="double"/>, <see cref="string"/>,
/// <see cref="byte"/>[], <see cref="List{T}"/>, <see cref="object"/>[] for tuples, <see cref="OrderedDictionary{TKey, TValue}"/>, and
/// <see cref="PickledTensor"/>. Work is bounded by the pickle's length: there are no loops in a pickle, every opcode takes a byte.
/// </remarks>
internal ref struct Unpickler
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
    public static object? Read(ReadOnlySpan<byte> bytes, string fileName, long fileOffset, Dictionary<string, PickledStorage> storages, out int length)
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
                    : throw _reader.Fault($"the pickle ends with {_stack.Count} values and {_marks.Count} open marks instead of one value.");
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
            case 0x95: _reader.Take(8); break; // FRAME: a hint for buffering
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
        (byte)'i' or (byte)'o' or 0x81 or 0x92 => $"opcode 0x{opcode:x2} makes an object of an arbitrary class; such files are refused because reading them could run code.",
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

    private readonly object? Peek() => _stack.Count > Floor ? _stack[^1] : throw _reader.Fault("the pickle takes a value from an empty stack.");

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

    private readonly object Global(string module, string name) =>
        PickleAllowList.Find(module, name) ??
        throw _reader.Fault($"the file refers to '{module}.{name}', which is not needed to hold tensors; it is refused and nothing of it was run.", NearestName());

    private readonly void PushStackGlobal()
    {
        object?[] names = PopTuple(2);
        Push(names is [string module, string name] ? Global(module, name) : throw _reader.Fault("a global's module and name are not text."));
    }

    private readonly PickledStorage Storage(object?[] id)
    {
        // ('storage', class, key, device, elements), in the older format followed by None, or (view key, offset, elements) before PyTorch 0.4.
        if (id is not ["storage", TorchStorageType type, string key, string, long count, ..] || count < 0 || id.Length > 6 || (id.Length == 6 && id[5] is not null))
        {
            throw _reader.Fault("the description of a storage is not one that this version reads.", NearestName());
        }

        if (!_storages.TryGetValue(key, out PickledStorage? storage))
        {
            storage = new PickledStorage(key, type, count, NearestName());
            _storages.Add(key, storage);
        }

        return storage.Type == type && storage.ElementCount == count
            ? storage
            : throw _reader.Fault($"storage '{key}' is described twice, differently.", NearestName());
    }

    private readonly void Reduce()
    {
        object?[] arguments = Pop<object?[]>("a tuple of arguments");
        PickleCallable callable = Pop<PickleCallable>("an allowed function");
        Push((callable, arguments) switch
        {
            (PickleCallable.OrderedDictionary, []) => NewDictionary(),
            (PickleCallable.OrderedDictionary, [List<object?> pairs]) => FromPairs(pairs),
            (PickleCallable.RebuildTensor, [PickledStorage storage, long offset, object?[] sizes, object?[] strides, ..]) when arguments.Length is 4 or 6 or 7 =>
                Tensor(storage, offset, Numbers(sizes), Numbers(strides)),
            (PickleCallable.RebuildParameter, [PickledTensor tensor, ..]) when arguments.Length == 3 => tensor,
            (PickleCallable.Size, [object?[] sizes]) => sizes,
            (PickleCallable.EncodeBytes, [string text, "latin1"]) => Latin1(text),
            _ => throw _reader.Fault($"{callable} has arguments that PyTorch does not write.", NearestName()),
        });
    }

    private readonly OrderedDictionary<object, object?> FromPairs(List<object?> pairs)
    {
        // How Python 2 wrote an OrderedDict: from a list of [key, value].
        OrderedDictionary<object, object?> dictionary = NewDictionary();
        foreach (object? pair in pairs)
        {
            (object? key, object? value) = pair switch
            {
                List<object?> { Count: 2 } list => (list[0], list[1]),
                object?[] { Length: 2 } tuple => (tuple[0], tuple[1]),
                _ => throw _reader.Fault("an OrderedDict is made of something that is not a pair."),
            };
            dictionary[Key(key)] = value;
        }

        return dictionary;
    }

    private readonly PickledTensor Tensor(PickledStorage storage, long offset, long[] sizes, long[] strides)
    {
        string? name = NearestName();
        return PickledTensor.Fault(storage, offset, sizes, strides) is { } fault
            ? throw _reader.Fault(fault, name)
            : new PickledTensor(storage, offset, sizes, strides, name, _reader.FileOffset);
    }

    private readonly long[] Numbers(object?[] values)
    {
        long[] numbers = new long[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            numbers[i] = values[i] is long number ? number : throw _reader.Fault("a size or stride is not a whole number of 64 bits.", NearestName());
        }

        return numbers;
    }

    private readonly byte[] Latin1(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = text[i] <= 0xff ? (byte)text[i] : throw _reader.Fault("bytes hold a character above 255.");
        }

        return bytes;
    }

    private readonly void Build()
    {
        // torch.nn.Module hangs versions on its state dict as an attribute; they are not needed. No other state may be set on anything.
        object? state = Pop();
        if (Peek() is not OrderedDictionary<object, object?> || state is not OrderedDictionary<object, object?> { Count: 1 } attributes || !attributes.ContainsKey("_metadata"))
        {
            throw _reader.Fault("the file sets attributes on an object; only a state dict's _metadata may be set.");
        }
    }

    // The key that a tensor is about to be stored under lies on the stack below the names of functions that are building it.
    private readonly string? NearestName()
    {
        for (int i = _stack.Count - 1; i >= 0 && _stack.Count - i <= 16; i--)
        {
            if (_stack[i] is string name && name != "storage")
            {
                return name;
            }
        }

        return null;
    }
}
