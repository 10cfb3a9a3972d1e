using System.Numerics;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>Writes values as a pickle of protocol 2, byte for byte as Python's pickler writes what <c>torch.save</c> gives it.</summary>
internal sealed class PickleWriter
{
    private const int Batch = 1000; // Python's pickler sets at most so many items at once
    private const int DeepestNesting = 100;

    private readonly PickleOutput _output = new();
    private readonly List<Tensor> _storages = [];
    private readonly Dictionary<(nint Handle, ScalarType Type, long Count), int> _storageKeys = [];

    /// <summary>The tensors whose bytes are the storages 0, 1, 2 …: contiguous, on the CPU.</summary>
    public IReadOnlyList<Tensor> Storages => _storages;

    /// <summary>Pickles one value. Contiguous copies that had to be made belong to the current dispose scope.</summary>
    public byte[] Write(object? value)
    {
        _output.Op(0x80, 2);
        Save(value, depth: 0);
        _output.Op('.');
        return _output.ToArray();
    }

    private void Save(object? value, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new ArgumentException($"Containers are nested deeper than {DeepestNesting}; does one hold itself?", nameof(value));
        }

        switch (value)
        {
            case null: _output.Op('N'); break;
            case bool flag: _output.Op(flag ? (byte)0x88 : (byte)0x89); break;
            case int number: _output.Integer(number); break;
            case long number: _output.Integer(number); break;
            case BigInteger number: _output.Integer(number); break;
            case float number: _output.Real(number); break;
            case double number: _output.Real(number); break;
            case string text: _output.Text(text); break;
            case byte[] bytes: _output.Bytes(bytes); break;
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
            IReadOnlyDictionary<string, object?> named =>
                [.. named.Select(pair => KeyValuePair.Create<object, object?>(pair.Key, pair.Value))],
            IReadOnlyDictionary<string, Tensor> tensors =>
                [.. tensors.Select(pair => KeyValuePair.Create<object, object?>(pair.Key, pair.Value))],
            _ => throw new ArgumentException(
                $"A {value.GetType().Name} cannot be written; write null, text, numbers, bytes, tensors, lists, tuples (object[]) and dictionaries of these.",
                nameof(value)),
        };
        _output.Op('}');
        _output.Memoize();
        SetItems(items, depth, aloneOnlyIfSingle: true);
    }

    private void SaveStateDict(StateDict state, int depth)
    {
        _output.EmptyOrderedDictionary();
        SetItems(
            [.. state.Tensors.Select(pair => KeyValuePair.Create<object, object?>(pair.Key, pair.Value))], depth, aloneOnlyIfSingle: false);
        if (state.Modules is null)
        {
            return;
        }

        // What torch.nn.Module.state_dict() hangs on as an attribute: the version of each module.
        _output.Op('}');
        _output.Memoize();
        _output.Constant("_metadata");
        _output.EmptyOrderedDictionary();
        Items(state.Modules, 's', 'u', aloneOnlyIfSingle: false, name =>
        {
            _output.Text(name);
            _output.Op('}');
            _output.Memoize();
            _output.Constant("version");
            _output.Integer(1);
            _output.Op('s');
        });
        _output.Op('s');
        _output.Op('b');
    }

    private void SetItems(List<KeyValuePair<object, object?>> items, int depth, bool aloneOnlyIfSingle) =>
        Items(items, 's', 'u', aloneOnlyIfSingle, item =>
    {
        Save(item.Key, depth + 1);
        Save(item.Value, depth + 1);
    });

    private void SaveList(IReadOnlyList<object?> list, int depth)
    {
        _output.Op(']');
        _output.Memoize();
        Items(list, 'a', 'e', aloneOnlyIfSingle: true, item => Save(item, depth + 1));
    }

    // One item is set alone, more are set together after a mark. A last batch of one is set alone by Python's general way (OrderedDict),
    // but not by its faster way for exact lists and dictionaries, which knows the count beforehand.
    private void Items<T>(IReadOnlyCollection<T> items, char one, char many, bool aloneOnlyIfSingle, Action<T> save)
    {
        foreach (T[] batch in items.Chunk(Batch))
        {
            bool alone = batch.Length == 1 && (!aloneOnlyIfSingle || items.Count == 1);
            if (!alone)
            {
                _output.Op('(');
            }

            foreach (T item in batch)
            {
                save(item);
            }

            _output.Op(alone ? one : many);
        }
    }

    private void Tuple(object?[] items, int depth)
    {
        if (items.Length == 0)
        {
            _output.Op(')');
            return;
        }

        if (items.Length > 3)
        {
            _output.Op('(');
        }

        foreach (object? item in items)
        {
            Save(item, depth + 1);
        }

        _output.EndTuple(items.Length);
    }

    private void SaveTensor(Tensor tensor)
    {
        Tensor contiguous = tensor.detach().cpu().contiguous();
        string storageType = TorchStorageType.Find(contiguous.dtype)?.Name
            ?? throw new ArgumentException($"Element type {contiguous.dtype} cannot be written; convert the tensor first.", nameof(tensor));
        _output.Global("torch._utils", "_rebuild_tensor_v2");
        _output.Op('(');
        _output.Op('(');
        _output.Constant("storage");
        _output.Global("torch", storageType);
        _output.Text(StorageKey(contiguous));
        _output.Constant("cpu");
        _output.Integer(contiguous.numel());
        _output.EndTuple(5);
        _output.Op('Q');
        _output.Integer(0);
        Tuple([.. contiguous.shape.Select(size => (object)size)], depth: 0);
        Tuple([.. contiguous.stride().Select(stride => (object)stride)], depth: 0);
        _output.Op(0x89);
        _output.EmptyOrderedDictionary();
        _output.EndTuple(6);
        _output.Op('R');
        _output.Memoize();
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

    /// <summary>
    /// A state dict of a module: an ordered dictionary of tensors, with the module names that PyTorch records in <c>_metadata</c>.
    /// </summary>
    internal sealed record StateDict(IReadOnlyList<KeyValuePair<string, Tensor>> Tensors, IReadOnlyList<string>? Modules);
}
