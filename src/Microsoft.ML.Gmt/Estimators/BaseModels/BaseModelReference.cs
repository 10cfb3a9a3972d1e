using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>
/// Names a base model so that it is recognized again: which files it has, how large they are, what they begin with and, where an archive
/// only refers to it, the hash of each whole file.
/// </summary>
/// <param name="Files">Name and size in bytes of each file.</param>
/// <param name="HeaderHash">SHA-256 over names, sizes, small files, and of weight files the header, which lists every tensor.</param>
internal sealed record BaseModelReference(IReadOnlyDictionary<string, long> Files, string HeaderHash)
{
    private const int LargestWhole = 1 << 20;
    private const int HashDigits = 64;

    /// <summary>The folder's own name; null in archives that have <see cref="RecordedPath"/>.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// SHA-256 of each file, lower-case hexadecimal; null where the archive holds the files, and in archives of an earlier version.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string>? Hashes { get; init; }

    /// <summary>The folder, absolute, when the model was made; only archives of an earlier version say it.</summary>
    [JsonPropertyName("path")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RecordedPath { get; init; }

    /// <summary>Where it is, absolute, if it was described in this process.</summary>
    [JsonIgnore]
    public string? Folder { get; private init; }

    /// <summary>Sizes and times of its files, if it was described in this process.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, FileStamp>? Stamps { get; private init; }

    /// <summary>All files together, in bytes.</summary>
    [JsonIgnore]
    public long ByteCount => Files.Values.Sum();

    /// <summary>The folder's own name.</summary>
    [JsonIgnore]
    public string FolderName => Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(RecordedPath ?? ""));

    /// <summary>Describes a model folder. Large files are not read beyond their beginning.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static BaseModelReference Of(string folder)
    {
        BaseModelFile[] files = BaseModelFiles.In(folder);
        string path = Path.GetFullPath(folder);
        return new BaseModelReference(files.ToDictionary(file => file.Name, file => Length(file.Path)), Hash(files))
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(path)),
            Folder = path,
            Stamps = files.ToDictionary(file => file.Name, file => FileStamp.Of(file.Path)),
        };
    }

    /// <summary>
    /// Whether a folder holds this very model; what differs, where it does not. Where the hashes are known, all files are compared whole.
    /// </summary>
    public bool IsIn(string folder, out string difference)
    {
        BaseModelReference other = Of(folder);
        string[] missing = [.. Files.Keys.Except(other.Files.Keys).Order(StringComparer.Ordinal)];
        string[] resized = [.. Files.Where(file => other.Files.TryGetValue(file.Key, out long size) && size != file.Value).Select(file => file.Key).Order(StringComparer.Ordinal)];
        difference = missing.Length > 0 ? $"it lacks {string.Join(", ", missing)}"
            : resized.Length > 0 ? $"{string.Join(", ", resized)} {(resized.Length == 1 ? "has" : "have")} another size"
            : other.HeaderHash != HeaderHash ? "its files differ in content"
            : Changed(folder) is { Length: > 0 } changed ? $"its files differ in content: {string.Join(", ", changed)}"
            : "";
        return difference.Length == 0;
    }

    /// <summary>
    /// With the hash of each file, as they are in a folder. Files that were hashed before and have the same size and time are not read.
    /// </summary>
    public BaseModelReference WithHashes(string folder) => Hashes is not null ? this
        : this with { Hashes = Files.Keys.ToDictionary(name => name, name => KnownBaseModels.Default.HashOf(Path.Combine(folder, name))) };

    /// <summary>
    /// Makes sure that the folder still holds what was described, before it is taken for that. What came from elsewhere is not looked at.
    /// </summary>
    /// <exception cref="GmtFileException">A file was changed.</exception>
    /// <exception cref="IOException">A file is gone.</exception>
    public void CheckUnchanged()
    {
        foreach ((string name, FileStamp stamp) in Stamps ?? new Dictionary<string, FileStamp>())
        {
            string file = Path.Combine(Folder!, name);
            if (FileStamp.Of(file) != stamp)
            {
                throw new GmtFileException(
                    file, null, "the file was changed since the model was made with it.",
                    "Put the earlier file back, or make the model again.");
            }
        }
    }

    /// <summary>Checks what an archive says.</summary>
    /// <exception cref="ArgumentException">It is not what such a record can hold.</exception>
    public void Check()
    {
        long sum = 0;
        foreach ((string name, long length) in Files)
        {
            if (name.Length == 0 || length < 0 || (sum += length) < 0)
            {
                throw new ArgumentException($"The base model's file '{name}' cannot have {length} bytes.", nameof(Files));
            }
        }

        if (Name is not null && (Name.Length == 0 || Path.GetFileName(Name) != Name))
        {
            throw new ArgumentException($"The base model's folder '{Name}' is not one folder's name.", nameof(Name));
        }

        if (!IsHash(HeaderHash) || (Hashes is not null && !(Hashes.Values.All(IsHash) && Hashes.Keys.ToHashSet().SetEquals(Files.Keys))))
        {
            throw new ArgumentException(
                "The base model's hashes are not one of 64 hexadecimal digits for each of its files.", nameof(Hashes));
        }
    }

    private static bool IsHash(string? text) => text is { Length: HashDigits } && text.All(char.IsAsciiHexDigitLower);

    private string[] Changed(string folder) => Hashes is null ? [] :
    [
        .. Hashes.Where(file => !KnownBaseModels.Default.HasHash(Path.Combine(folder, file.Key), file.Value)).Select(file => file.Key)
            .Order(StringComparer.Ordinal),
    ];

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

    /// <summary>
    /// A small file whole; of safetensors the header, whose length its first eight bytes tell; of others the first megabyte.
    /// </summary>
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
