namespace Microsoft.ML.Gmt.Weights;

/// <content>What stands for tensors in a pickle: the few names that are allowed, storages, and how tensors are made of them.</content>
internal ref partial struct Unpickler
{
    private readonly object Global(string module, string name) =>
        PickleAllowList.Find(module, name) ??
        throw _reader.Fault(
            $"the file refers to '{module}.{name}', which is not needed to hold tensors; it is refused and nothing of it was run.",
            NearestName());

    private readonly void PushStackGlobal()
    {
        object?[] names = PopTuple(2);
        Push(
            names is [string module, string name] ? Global(module, name) : throw _reader.Fault("a global's module and name are not text."));
    }

    private readonly PickledStorage Storage(object?[] id)
    {
        // ('storage', class, key, device, elements), in the older format followed by None, or (view key, offset, elements) before PyTorch
        // 0.4.
        if (id is not ["storage", TorchStorageType type, string key, string, long count, ..]
            || count < 0 || id.Length > 6 || (id.Length == 6 && id[5] is not null))
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
            (PickleCallable.RebuildTensor, [PickledStorage storage, long offset, object?[] sizes, object?[] strides, ..])
                when arguments.Length is 4 or 6 or 7 =>
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
            numbers[i] = values[i] is long number
                ? number
                : throw _reader.Fault("a size or stride is not a whole number of 64 bits.", NearestName());
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
        if (Peek() is not OrderedDictionary<object, object?>
            || state is not OrderedDictionary<object, object?> { Count: 1 } attributes || !attributes.ContainsKey("_metadata"))
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
