using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>Writes values as a pickle of protocol 2, byte for byte as Python's pickler writes what <c>torch.save</c> gives it.</summary>
internal sealed class PickleWriter
{
    private const int Batch = 1000; // Python's pickler sets at most so many items at once
    private const int DeepestNesting = 100;

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Dictionary<string, int> _memo = new(StringComparer.Ordinal);
    private readonly List<Tensor> _storages = [];
    private readonly Dictionary<(nint Handle, ScalarType Type, long Count), int> _storageKeys = [];
    private int _memoized;

    /// <summary>The tensors whose bytes are the storages 0, 1, 2 …: contiguous, on the CPU.</summary>
    public IReadOnlyList<Tensor> Storages => _storages;

    /// <summary>Pickles one value. Contiguous copies that had to be made belong to the current dispose scope.</summary>
    public byte[] Write(object? value)
    {
        Op(0x80, 2);
        Save(value, depth: 0);
        Op('.');
        return _output.WrittenSpan.ToArray();
    }

    private void Save(object? value, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new ArgumentException($"Containers are nested deeper than {DeepestNesting}; does one hold itself?", nameof(value));
        }

        switch (value)
        {
            case null: Op('N'); break;
            case bool flag: Op(flag ? (byte)0x88 : (byte)0x89); break;
            case int number: Integer(number); break;
            case long number: Integer(number); break;
            case BigInteger number: Integer(number); break;
            case float number: Real(number); break;
            case double number: Real(number); break;
            case string text: Text(text); break;
            case byte[] bytes: Bytes(bytes); break;
            case Tensor tensor: SaveTensor(tensor); break;
            case StateDict state: SaveStateDict(state, depth); break;
            case object?[] tuple: Tuple(tuple, depth); break;
            case IReadOnlyList<object?> list: SaveList(list, depth); break;
            default: SaveDictionary(value, depth); break;
        }
    }

    private void SaveDictionary(object value, int depth)
    {
        List<KeyValuePair<object, object?>>? items = value switch
        {
            IReadOnlyDictionary<object, object?> any => [.. any],
            IReadOnlyDictionary<string, object?> named => [.. named.Select(pair => KeyValuePair.Create<object, object?>(pair.Key, pair.Value))],
            IReadOnlyDictionary<string, Tensor> tensors => [.. tensors.Select(pair => KeyValuePair.Create<object, object?>(pair.Key, pair.Value))],
            _ => throw new ArgumentException($"A {value.GetType().Name} cannot be written; write null, text, numbers, bytes, tensors, lists, tuples (object[]) and dictionaries of these.", nameof(value)),
        };
        Op('}');
        Memoize();
        SetItems(items, depth, aloneOnlyIfSingle: true);
    }

    private void SaveStateDict(StateDict state, int depth)
    {
        EmptyOrderedDictionary();
        SetItems([.. state.Tensors.Select(pair => KeyValuePair.Create<object, object?>(pair.Key, pair.Value))], depth, aloneOnlyIfSingle: false);
        if (state.Modules is null)
        {
            return;
        }

        // What torch.nn.Module.state_dict() hangs on as an attribute: the version of each module.
        Op('}');
        Memoize();
        Constant("_metadata");
        EmptyOrderedDictionary();
        Items(state.Modules, 's', 'u', aloneOnlyIfSingle: false, name =>
        {
            Text(name);
            Op('}');
            Memoize();
            Constant("version");
            Integer(1);
            Op('s');
        });
        Op('s');
        Op('b');
    }

    private void SetItems(List<KeyValuePair<object, object?>> items, int depth, bool aloneOnlyIfSingle) => Items(items, 's', 'u', aloneOnlyIfSingle, item =>
    {
        Save(item.Key, depth + 1);
        Save(item.Value, depth + 1);
    });

    private void SaveList(IReadOnlyList<object?> list, int depth)
    {
        Op(']');
        Memoize();
        Items(list, 'a', 'e', aloneOnlyIfSingle: true, item => Save(item, depth + 1));
    }

    // One item is set alone, more are set together after a mark. A last batch of one is set alone by Python's general way (OrderedDict), but not
    // by its faster way for exact lists and dictionaries, which knows the count beforehand.
    private void Items<T>(IReadOnlyCollection<T> items, char one, char many, bool aloneOnlyIfSingle, Action<T> save)
    {
        foreach (T[] batch in items.Chunk(Batch))
        {
            bool alone = batch.Length == 1 && (!aloneOnlyIfSingle || items.Count == 1);
            if (!alone)
            {
                Op('(');
            }

            foreach (T item in batch)
            {
                save(item);
            }

            Op(alone ? one : many);
        }
    }

    private void Tuple(object?[] items, int depth)
    {
        if (items.Length == 0)
        {
            Op(')');
            return;
        }

        if (items.Length > 3)
        {
            Op('(');
        }

        foreach (object? item in items)
        {
            Save(item, depth + 1);
        }

        EndTuple(items.Length);
    }

    private void EndTuple(int count)
    {
        Op(count switch { 1 => (byte)0x85, 2 => (byte)0x86, 3 => (byte)0x87, _ => (byte)'t' });
        Memoize();
    }

    private void SaveTensor(Tensor tensor)
    {
        Tensor contiguous = tensor.detach().cpu().contiguous();
        string storageType = TorchStorageType.Find(contiguous.dtype)?.Name
            ?? throw new ArgumentException($"Element type {contiguous.dtype} cannot be written; convert the tensor first.", nameof(tensor));
        Global("torch._utils", "_rebuild_tensor_v2");
        Op('(');
        Op('(');
        Constant("storage");
        Global("torch", storageType);
        Text(StorageKey(contiguous));
        Constant("cpu");
        Integer(contiguous.numel());
        EndTuple(5);
        Op('Q');
        Integer(0);
        Tuple([.. contiguous.shape.Select(size => (object)size)], depth: 0);
        Tuple([.. contiguous.stride().Select(stride => (object)stride)], depth: 0);
        Op(0x89);
        EmptyOrderedDictionary();
        EndTuple(6);
        Op('R');
        Memoize();
    }

    // Tied weights stay tied: tensors over the same memory share a storage.
    private string StorageKey(Tensor contiguous)
    {
        (nint, ScalarType, long) identity = (NativeTensor.Address(contiguous), contiguous.dtype, contiguous.numel());
        if (contiguous.numel() == 0 || !_storageKeys.TryGetValue(identity, out int key))
        {
            key = _storages.Count;
            _storages.Add(contiguous);
            _storageKeys.TryAdd(identity, key);
        }

        return key.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private void EmptyOrderedDictionary()
    {
        Global("collections", "OrderedDict");
        Op(')');
        Op('R');
        Memoize();
    }

    private void Bytes(byte[] bytes)
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

    private void Global(string module, string name) => Remembered($"c{module}\n{name}\n", () => _output.Write(Encoding.UTF8.GetBytes($"c{module}\n{name}\n")));

    // A literal of Python's source is one object there, so the second use refers to the first.
    private void Constant(string text) => Remembered("X" + text, () => WriteText(text));

    private void Text(string text)
    {
        WriteText(text);
        Memoize();
    }

    private void Remembered(string identity, Action write)
    {
        if (_memo.TryGetValue(identity, out int index))
        {
            MemoOp('h', 'j', index);
            return;
        }

        write();
        _memo.Add(identity, _memoized);
        Memoize();
    }

    private void Memoize() => MemoOp('q', 'r', _memoized++);

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
        _output.Write(bytes);
    }

    private void Integer(BigInteger value)
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
            _output.Write(bytes);
        }
    }

    private void Real(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        Op('G');
        _output.Write(bytes);
    }

    private void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _output.Write(bytes);
    }

    private void Op(char opcode) => Op((byte)opcode);

    private void Op(params ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    /// <summary>A state dict of a module: an ordered dictionary of tensors, with the module names that PyTorch records in <c>_metadata</c>.</summary>
    internal sealed record StateDict(IReadOnlyList<KeyValuePair<string, Tensor>> Tensors, IReadOnlyList<string>? Modules);
}
