namespace Microsoft.ML.Gmt.Weights;

/// <summary>What a GGUF file (llama.cpp's format, versions 2 and 3) says of itself and of its tensors; no tensor's data is read.</summary>
/// <remarks>Nothing is allocated by a count that the file claims: every entry must stand in the file before it counts.</remarks>
internal sealed class GgufHeader
{
    private const int DefaultAlignment = 32;
    private const string AlignmentKey = "general.alignment";

    private GgufHeader(int version, IReadOnlyList<KeyValuePair<string, object>> metadata, IReadOnlyList<StoredTensor> tensors) =>
        (Version, Metadata, Tensors) = (version, metadata, tensors);

    /// <summary>The version of the format.</summary>
    public int Version { get; }

    /// <summary>Settings in the file's order: numbers, truth values and texts, and <see cref="GgufArray"/> for lists.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Metadata { get; }

    /// <summary>The tensors in the file's order, with shapes as PyTorch has them: the dimension that runs fastest last.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>Reads a file's header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightFileException">The file is malformed, or of a version that is not known.</exception>
    public static GgufHeader Read(string path)
    {
        using WeightBytes file = WeightBytes.Open(path);
        return Parse(file);
    }

    /// <summary>Reads the header of a file that is at hand.</summary>
    internal static GgufHeader Parse(WeightBytes file)
    {
        var reader = new GgufReader(file);
        reader.Expect("GGUF"u8, "this is no GGUF file");
        int version = (int)reader.UInt32();
        if (version is not (2 or 3))
        {
            throw reader.Fault($"version {version} of GGUF is not known; 2 and 3 are.");
        }

        long tensorCount = reader.Count("tensors"), settingCount = reader.Count("settings");
        List<KeyValuePair<string, object>> metadata = [];
        for (long i = 0; i < settingCount; i++)
        {
            metadata.Add(KeyValuePair.Create(reader.Text(), reader.Value((GgufValueType)reader.UInt32())));
        }

        List<(string Name, GgufTensorType Type, long[] Shape, long Offset)> entries = [];
        for (long i = 0; i < tensorCount; i++)
        {
            entries.Add(reader.Tensor());
        }

        long alignment = metadata.Find(setting => setting.Key == AlignmentKey).Value is uint given and > 0 ? given : DefaultAlignment;
        long data = (reader.Position + alignment - 1) / alignment * alignment;
        return new GgufHeader(
            version, metadata, [.. entries.Select(entry => Stored(file, entry.Name, entry.Type, entry.Shape, entry.Offset, data))]);
    }

    private static StoredTensor Stored(WeightBytes file, string name, GgufTensorType type, long[] shape, long offset, long data)
    {
        long elements = 1;
        foreach (long size in shape)
        {
            elements = size == 0 ? 0
                : elements <= long.MaxValue / 8 / size ? elements * size
                : throw new WeightFileException(file.Path, "it has more elements than fit into a file.", name);
        }

        // Blocks lie along the dimension that runs fastest.
        long bytes = elements / type.BlockSize * type.BlockBytes, row = shape.Length == 0 ? 1 : shape[^1];
        return row % type.BlockSize != 0
            ? throw new WeightFileException(
                file.Path, $"its rows of {row} elements are not whole blocks of {type.BlockSize}, which {type.Name} needs.", name)
            : offset <= file.Length - data && bytes <= file.Length - data - offset
                ? new StoredTensor(name, type.Name, type.ElementType, shape.AsReadOnly(), data + offset, bytes)
                : throw new WeightFileException(file.Path, $"its {bytes} bytes from {offset} on lie outside of the file's data.", name);
    }
}

/// <summary>A list in a GGUF file's settings.</summary>
/// <param name="Count">How many values it has.</param>
/// <param name="Type">What they are.</param>
/// <param name="Offset">Where the first of them stands in the file.</param>
internal sealed record GgufArray(long Count, GgufValueType Type, long Offset)
{
    /// <inheritdoc/>
    public override string ToString() => $"[{Count} of {Type}]";
}
