using System.Numerics;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>What both containers of PyTorch files give: the pickled object, and where each storage's bytes lie.</summary>
/// <param name="Root">The unpickled object, its tensors as <see cref="PickledTensor"/>.</param>
/// <param name="RootOffset">Where in the file its pickle begins.</param>
/// <param name="StorageOffsets">Where in the file the bytes of each storage begin; their count has been checked.</param>
internal sealed record TorchContainer(object? Root, long RootOffset, IReadOnlyDictionary<string, long> StorageOffsets)
{
    private const int LongestPickle = 256 << 20;

    /// <summary>
    /// The zip entry of each storage, whose checksum is to be checked before the bytes are used; none in the older format.
    /// </summary>
    public IReadOnlyDictionary<string, ZipEntry> StorageEntries { get; private init; } = new Dictionary<string, ZipEntry>();

    /// <summary>Reads the structure of a file of either format.</summary>
    public static TorchContainer Read(WeightBytes file) => ZipDirectory.IsZip(file) ? ReadZip(file)
        : MistakenFile.Recognize(file.Span(0, (int)Math.Min(file.Length, MistakenFile.HeadLength))) is { } mistake
            ? throw new WeightFileException(file.Path, mistake.Problem, remedy: mistake.Remedy)
        : ReadLegacy(file);

    private static TorchContainer ReadZip(WeightBytes file)
    {
        IReadOnlyDictionary<string, ZipEntry> entries = ZipDirectory.Read(file);
        string root = CheckNames(file, entries.Values);
        if (!entries.TryGetValue(root + "data.pkl", out ZipEntry? pickle) || pickle.Size > LongestPickle)
        {
            throw new WeightFileException(
                file.Path,
                $"the zip archive has no entry '{root}data.pkl' of at most {LongestPickle} bytes; this is no file that torch.save wrote.",
                offset: pickle?.HeaderOffset ?? 0);
        }

        foreach (ZipEntry entry in entries.Values.Where(entry => !entry.Name.StartsWith($"{root}data/", StringComparison.Ordinal)))
        {
            ZipChecksum.Check(file, entry);
        }

        if (entries.TryGetValue(root + "byteorder", out ZipEntry? order) && (order.Size != 6 || !file.Span(order.DataOffset, 6).SequenceEqual("little"u8)))
        {
            throw new WeightFileException(
                file.Path, "the file is not little-endian; save it again on a little-endian machine.", offset: order.DataOffset);
        }

        Dictionary<string, PickledStorage> storages = new(StringComparer.Ordinal);
        object? value = Unpickler.Read(file.Span(pickle.DataOffset, (int)pickle.Size), file.Path, pickle.DataOffset, storages, out _);
        Dictionary<string, long> offsets = new(StringComparer.Ordinal);
        Dictionary<string, ZipEntry> storageEntries = new(StringComparer.Ordinal);
        foreach (PickledStorage storage in storages.Values)
        {
            if (!entries.TryGetValue($"{root}data/{storage.Key}", out ZipEntry? data))
            {
                throw new WeightFileException(
                    file.Path, $"the zip archive lacks the data of storage '{storage.Key}'.", storage.FirstTensor, pickle.DataOffset);
            }

            if (storage.ElementCount != data.Size / storage.Type.ElementSize || data.Size % storage.Type.ElementSize != 0)
            {
                throw new WeightFileException(
                    file.Path,
                    $"storage '{storage.Key}' claims {storage.ElementCount} elements of {storage.Type.ElementSize} bytes, its entry has {data.Size} bytes.",
                    storage.FirstTensor,
                    data.DataOffset);
            }

            offsets.Add(storage.Key, data.DataOffset);
            storageEntries.Add(storage.Key, data);
        }

        return new TorchContainer(value, pickle.DataOffset, offsets) { StorageEntries = storageEntries };
    }

    // torch.save puts everything below one folder, which it names after the file.
    private static string CheckNames(WeightBytes file, IEnumerable<ZipEntry> entries)
    {
        string? root = null;
        foreach ((string name, long offset, _, _, _) in entries)
        {
            string[] parts = name.Split('/');
            root ??= parts[0] + "/";
            if (parts.Length < 2 || parts.Any(part => part is "" or "." or "..") || name.AsSpan().IndexOfAny('\\', ':', '\0') >= 0
                || !name.StartsWith(root, StringComparison.Ordinal))
            {
                throw new WeightFileException(
                    file.Path,
                    $"zip entry '{name}' does not lie below the folder of the first entry; this is no file that torch.save wrote.",
                    offset: offset);
            }
        }

        return root ?? throw new WeightFileException(file.Path, "the zip archive is empty.", offset: 0);
    }

    // Before PyTorch 1.6: five pickles one after the other (magic number, version, machine, object, storage keys), then count and bytes of
    // each storage.
    private static TorchContainer ReadLegacy(WeightBytes file)
    {
        BigInteger magic = BigInteger.Parse("1950a86a20f9469cfc6c", System.Globalization.NumberStyles.HexNumber, null);
        long position = 0;
        Dictionary<string, PickledStorage> none = new(StringComparer.Ordinal);
        Dictionary<string, PickledStorage> storages = new(StringComparer.Ordinal);
        if (!IsPickle(file) || ReadPickle(file, ref position, none) is not BigInteger number || number != magic || ReadPickle(file, ref position, none) is not 1001L)
        {
            throw new WeightFileException(
                file.Path, "this is neither a zip archive nor the older format of torch.save (version 1001).", offset: 0);
        }

        if (ReadPickle(file, ref position, none) is not OrderedDictionary<object, object?> machine
            || !machine.TryGetValue("little_endian", out object? little) || little is not true)
        {
            throw new WeightFileException(
                file.Path, "the file does not say that it is little-endian; save it again on a little-endian machine.", offset: position);
        }

        long root = position;
        object? value = ReadPickle(file, ref position, storages);
        if (ReadPickle(file, ref position, none) is not List<object?> keys)
        {
            throw new WeightFileException(file.Path, "the list of storage keys is missing.", offset: position);
        }

        return new TorchContainer(value, root, LocateLegacyStorages(file, position, keys, storages));
    }

    // Other old formats begin differently; say so instead of complaining of an opcode.
    private static bool IsPickle(WeightBytes file) => file.Span(0, 1)[0] == 0x80;

    private static object? ReadPickle(WeightBytes file, ref long position, Dictionary<string, PickledStorage> storages)
    {
        int available = (int)Math.Min(LongestPickle, file.Length - position);
        object? value = Unpickler.Read(file.Span(position, available), file.Path, position, storages, out int length);
        position += length;
        return value;
    }

    private static Dictionary<string, long> LocateLegacyStorages(
        WeightBytes file, long position, List<object?> keys, Dictionary<string, PickledStorage> storages)
    {
        Dictionary<string, long> offsets = new(StringComparer.Ordinal);
        foreach (object? item in keys)
        {
            if (item is not string key || !storages.TryGetValue(key, out PickledStorage? storage))
            {
                throw new WeightFileException(file.Path, "the list of storage keys names a storage that no tensor uses.", offset: position);
            }

            long count = System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(file.Span(position, 8));
            position += 8;
            if (count != storage.ElementCount || count > (file.Length - position) / storage.Type.ElementSize)
            {
                throw new WeightFileException(
                    file.Path,
                    $"storage '{key}' has {count} elements of {storage.Type.ElementSize} bytes here, the pickle claims {storage.ElementCount}, "
                    + $"and {file.Length - position} bytes are left.",
                    storage.FirstTensor,
                    position);
            }

            if (!offsets.TryAdd(key, position))
            {
                throw new WeightFileException(file.Path, $"storage '{key}' occurs twice.", offset: position);
            }

            position += count * storage.Type.ElementSize;
        }

        return storages.Values.FirstOrDefault(storage => !offsets.ContainsKey(storage.Key)) is { } missing
            ? throw new WeightFileException(
                file.Path, $"the file lacks the data of storage '{missing.Key}'.", missing.FirstTensor, position)
            : offsets;
    }
}
