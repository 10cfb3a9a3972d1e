using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>An open PyTorch file: its object with described tensors, and the means to make real tensors of them.</summary>
internal sealed class TorchDocument : IDisposable
{
    private const int DeepestNesting = 256;

    // Expanded dimensions show more elements than the file holds; whoever copies such a tensor allocates them all.
    private const long MostExpandedBytes = 256L << 20;

    private readonly WeightBytes _file;
    private readonly long _rootOffset;
    private readonly IReadOnlyDictionary<string, long> _storageOffsets;
    private readonly IReadOnlyDictionary<string, ZipEntry> _storageEntries;
    private readonly Dictionary<PickledStorage, Tensor> _storages = [];
    private long _expandedBytes;

    private TorchDocument(WeightBytes file, TorchContainer container)
    {
        _file = file;
        Root = container.Root;
        _rootOffset = container.RootOffset;
        (_storageOffsets, _storageEntries) = (container.StorageOffsets, container.StorageEntries);
    }

    /// <summary>The object with its tensors as <see cref="PickledTensor"/>.</summary>
    public object? Root { get; }

    public string Path => _file.Path;

    public static TorchDocument Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(WeightBytes.Open(path));
    }

    /// <summary>Reads the structure of a file; takes over the bytes.</summary>
    public static TorchDocument Parse(WeightBytes file)
    {
        try
        {
            return new TorchDocument(file, TorchContainer.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The named tensors of the root, or of the dictionary that the root holds under <paramref name="key"/>.</summary>
    public OrderedDictionary<string, PickledTensor> StateDict(string? key)
    {
        object? node = Root;
        if (key is not null)
        {
            node = Root is OrderedDictionary<object, object?> outer && outer.TryGetValue(key, out object? inner)
                ? inner
                : throw new WeightFileException(Path, $"the file holds no dictionary '{key}'{Describe(Root)}.", key);
        }

        if (node is not OrderedDictionary<object, object?> dictionary)
        {
            throw new WeightFileException(Path, $"{(key is null ? "the file" : $"'{key}'")} is not a dictionary of tensors.", key);
        }

        OrderedDictionary<string, PickledTensor> tensors = new(StringComparer.Ordinal);
        foreach ((object name, object? value) in dictionary)
        {
            if (name is not string text || value is not PickledTensor tensor)
            {
                throw new WeightFileException(
                    Path,
                    "a dictionary of tensors is expected, but here stands something else"
                    + $"{(value is OrderedDictionary<object, object?> ? "; the tensors may lie one level deeper" : "")}.",
                    name.ToString());
            }

            tensors.Add(text, tensor);
        }

        return tensors;
    }

    /// <summary>Replaces every described tensor in a value by a real one. One description used twice gives one tensor.</summary>
    public object? Materialize(object? value)
    {
        Dictionary<PickledTensor, Tensor> made = new(ReferenceEqualityComparer.Instance as IEqualityComparer<PickledTensor>);
        if (value is PickledTensor single)
        {
            return Tensor(single);
        }

        using DisposeScope scope = NewDisposeScope();
        HashSet<object> done = new(ReferenceEqualityComparer.Instance);
        Stack<(object Container, int Next)> path = new();
        HashSet<object> onPath = new(ReferenceEqualityComparer.Instance);
        Enter(value);
        while (path.TryPop(out (object Container, int Next) place))
        {
            if (place.Next == Count(place.Container))
            {
                onPath.Remove(place.Container);
                continue;
            }

            path.Push((place.Container, place.Next + 1));
            object? item = Item(place.Container, place.Next);
            if (item is PickledTensor described)
            {
                if (!made.TryGetValue(described, out Tensor? tensor))
                {
                    made.Add(described, tensor = Tensor(described));
                }

                Replace(place.Container, place.Next, tensor);
            }
            else
            {
                Enter(item);
            }
        }

        foreach (Tensor tensor in made.Values)
        {
            tensor.MoveToOuterDisposeScope();
        }

        return value;

        void Enter(object? node)
        {
            if (node is not (List<object?> or object?[] or OrderedDictionary<object, object?>))
            {
                return;
            }

            if (onPath.Contains(node))
            {
                throw new WeightFileException(Path, "a container holds itself.", offset: _rootOffset);
            }

            if (done.Add(node))
            {
                if (path.Count == DeepestNesting)
                {
                    throw new WeightFileException(Path, $"containers are nested deeper than {DeepestNesting}.", offset: _rootOffset);
                }

                onPath.Add(node);
                path.Push((node, 0));
            }
        }
    }

    /// <summary>Makes the tensor: a view of the file where its storage is aligned. The storage's checksum is compared first.</summary>
    public Tensor Tensor(PickledTensor described)
    {
        PickledStorage storage = described.Storage;
        if (described.ElementCount > storage.ElementCount)
        {
            _expandedBytes += Math.Min(described.ElementCount * storage.Type.ElementSize, MostExpandedBytes + 1);
            if (_expandedBytes > MostExpandedBytes)
            {
                throw new WeightFileException(
                    Path,
                    $"sizes [{string.Join(", ", described.Sizes)}] repeat {storage.ElementCount} stored elements; "
                    + $"more than {MostExpandedBytes >> 20} MiB of repeated elements are refused.",
                    described.Name,
                    described.FileOffset);
            }
        }

        if (!_storages.TryGetValue(storage, out Tensor? elements))
        {
            if (_storageEntries.TryGetValue(storage.Key, out ZipEntry? entry))
            {
                ZipChecksum.Check(_file, entry, storage.FirstTensor);
            }

            elements = _file.Elements(
                _storageOffsets[storage.Key], storage.ElementCount * storage.Type.ElementSize, storage.Type.ElementType,
                storage.Type.ElementSize);
            _storages.Add(storage, elements.DetachFromDisposeScope());
        }

        return elements.as_strided(described.Sizes, described.Strides, elements.storage_offset() + described.Offset);
    }

    /// <summary>What a file says of one of its tensors.</summary>
    public StoredTensor Info(string name, PickledTensor described)
    {
        TorchStorageType type = described.Storage.Type;
        return new StoredTensor(
            name, type.Name, type.ElementType, described.Sizes.AsReadOnly(),
            _storageOffsets[described.Storage.Key] + (described.Offset * type.ElementSize), described.ElementCount * type.ElementSize);
    }

    /// <summary>Closes the file; tensors made from it stay valid.</summary>
    public void Dispose()
    {
        foreach (Tensor storage in _storages.Values)
        {
            storage.Dispose();
        }

        _file.Dispose();
    }

    private static string Describe(object? root) =>
        root is OrderedDictionary<object, object?> dictionary
            ? $"; it has {string.Join(", ", dictionary.Keys.Take(8).Select(key => $"'{key}'"))}"
            : "";

    private static int Count(object container) => container switch
    {
        List<object?> list => list.Count,
        object?[] tuple => tuple.Length,
        _ => ((OrderedDictionary<object, object?>)container).Count,
    };

    private static object? Item(object container, int index) => container switch
    {
        List<object?> list => list[index],
        object?[] tuple => tuple[index],
        _ => ((OrderedDictionary<object, object?>)container).GetAt(index).Value,
    };

    private static void Replace(object container, int index, object? value)
    {
        switch (container)
        {
            case List<object?> list: list[index] = value; break;
            case object?[] tuple: tuple[index] = value; break;
            default: ((OrderedDictionary<object, object?>)container).SetAt(index, value); break;
        }
    }
}
