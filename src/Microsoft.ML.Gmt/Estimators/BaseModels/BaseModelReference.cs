using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.Gmt;

/// <summary>Names a base model so that it is recognised again: where it was, which files it has, how large they are, and what their headers say.</summary>
/// <param name="Path">The folder, absolute, when the model was made.</param>
/// <param name="Files">Name and size in bytes of each file.</param>
/// <param name="HeaderHash">SHA-256 over names, sizes, small files, and of weight files the header, which lists every tensor.</param>
internal sealed record BaseModelReference(string Path, IReadOnlyDictionary<string, long> Files, string HeaderHash)
{
    private const int LargestWhole = 1 << 20;

    /// <summary>All files together, in bytes.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long ByteCount => Files.Values.Sum();

    /// <summary>Describes a model folder.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static BaseModelReference Of(string folder)
    {
        BaseModelFile[] files = BaseModelFiles.In(folder);
        return new BaseModelReference(System.IO.Path.GetFullPath(folder), files.ToDictionary(file => file.Name, file => Length(file.Path)), Hash(files));
    }

    /// <summary>Whether a folder holds this very model; what differs, where it does not.</summary>
    public bool IsIn(string folder, out string difference)
    {
        BaseModelReference other = Of(folder);
        string[] missing = [.. Files.Keys.Except(other.Files.Keys).Order(StringComparer.Ordinal)];
        string[] resized = [.. Files.Where(file => other.Files.TryGetValue(file.Key, out long size) && size != file.Value).Select(file => file.Key).Order(StringComparer.Ordinal)];
        difference = missing.Length > 0 ? $"it lacks {string.Join(", ", missing)}"
            : resized.Length > 0 ? $"{string.Join(", ", resized)} {(resized.Length == 1 ? "has" : "have")} another size"
            : other.HeaderHash != HeaderHash ? "its files differ in content" : "";
        return difference.Length == 0;
    }

    private static long Length(string path)
    {
        using FileStream file = File.OpenRead(path);
        return file.Length;
    }

    private static string Hash(BaseModelFile[] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (BaseModelFile file in files)
        {
            using FileStream stream = File.OpenRead(file.Path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Name} {stream.Length}\n"));
            hash.AppendData(Beginning(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>A small file whole; of safetensors the header, whose length its first eight bytes tell; of others the first megabyte.</summary>
    private static byte[] Beginning(FileStream stream)
    {
        int length = (int)Math.Min(stream.Length, LargestWhole);
        byte[] bytes = new byte[length];
        stream.ReadExactly(bytes);
        if (stream.Length <= LargestWhole || !stream.Name.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            return bytes;
        }

        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        byte[] whole = new byte[(int)Math.Min(header + sizeof(ulong), (ulong)Math.Min(stream.Length, 1 << 28))];
        stream.Position = 0;
        stream.ReadExactly(whole);
        return whole;
    }
}
