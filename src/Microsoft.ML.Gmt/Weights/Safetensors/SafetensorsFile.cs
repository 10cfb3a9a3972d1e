using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// A safetensors file, mapped into memory. Opening reads the header only; tensors are views of the mapping, so loading copies nothing
/// and pages come from disk when they are first touched.
/// </summary>
/// <remarks>
/// The mapping is private: changing a tensor in place never changes the file. It stays until this object and every tensor made from it
/// are disposed, so the file object itself may go first. The file must not be truncated by others while it is mapped; replacing it by
/// renaming another file over it is safe. Instances may be used by many threads at once.
/// </remarks>
internal sealed class SafetensorsFile : IDisposable
{
    private readonly WeightBytes _file;
    private readonly Dictionary<string, StoredTensor> _tensors;

    private SafetensorsFile(WeightBytes file, SafetensorsHeader header)
    {
        _file = file;
        _tensors = header.Tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        Names = [.. header.Tensors.Select(tensor => tensor.Name)];
        Metadata = header.Metadata;
    }

    /// <summary>The file's path or name as it was given.</summary>
    public string Path => _file.Path;

    /// <summary>The names of all tensors, in the order of their bytes in the file.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The header's free text entries (<c>__metadata__</c>); empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Maps a file and checks its whole header.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">The file is malformed.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(WeightBytes.Open(path));
    }

    /// <summary>
    /// Copies a file out of a stream, from the stream's position to its end, and checks its whole header. For files inside archives; a file
    /// on disk is better opened by path.
    /// </summary>
    /// <param name="stream">A readable stream; it stays open.</param>
    /// <param name="name">What messages call the file.</param>
    /// <exception cref="WeightFileException">The file is malformed.</exception>
    public static SafetensorsFile Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Parse(WeightBytes.Read(stream, name));
    }

    /// <summary>Whether the file holds a tensor of that name.</summary>
    /// <param name="name">The name; case matters.</param>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>What the file says of a tensor: type, shape, place.</summary>
    /// <param name="name">The name; case matters.</param>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    public StoredTensor Info(string name) =>
        _tensors.TryGetValue(name, out StoredTensor? tensor) ? tensor : throw new KeyNotFoundException($"{Path} has no tensor '{name}'.");

    /// <summary>
    /// The tensor as a view of the mapped file, in the type and shape it has there. The caller (or its dispose scope) owns it.
    /// </summary>
    /// <param name="name">The name; case matters.</param>
    /// <remarks>Only a tensor whose offset is not a multiple of its element size is copied.</remarks>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    /// <exception cref="WeightFileException">The tensor's type is one that TorchSharp cannot hold.</exception>
    public Tensor Get(string name)
    {
        StoredTensor stored = Info(name);
        if (stored.ElementType is not { } type)
        {
            throw new WeightFileException(
                Path, $"element type {stored.StorageType} cannot be held; convert the file to F32, F16, BF16 or a signed integer type.",
                name, stored.Offset);
        }

        int elementSize = (int)(stored.ElementCount == 0 ? 1 : stored.ByteCount / stored.ElementCount);
        using Tensor elements = _file.Elements(stored.Offset, stored.ByteCount, type, elementSize);
        return elements.view([.. stored.Shape]);
    }

    /// <summary>Closes the file; tensors taken from it stay valid.</summary>
    public void Dispose() => _file.Dispose();

    private static SafetensorsFile Parse(WeightBytes file)
    {
        try
        {
            return new SafetensorsFile(file, SafetensorsHeader.Read(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
