using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// Where the entries of an uncompressed zip archive lie in a mapped file, Zip64 included. All offsets and counts are checked first.
/// </summary>
internal static class ZipDirectory
{
    private const uint LocalHeader = 0x04034b50;
    private const uint CentralHeader = 0x02014b50;
    private const uint EndRecord = 0x06054b50;
    private const uint Zip64EndRecord = 0x06064b50;
    private const uint Zip64Locator = 0x07064b50;
    private const int LocalHeaderLength = 30;
    private const int CentralHeaderLength = 46;
    private const int EndRecordLength = 22;
    private const int Zip64LocatorLength = 20;
    private const int LongestComment = ushort.MaxValue;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Whether the file begins as a zip archive does.</summary>
    public static bool IsZip(WeightBytes file) =>
        file.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(file.Span(0, 4)) == LocalHeader;

    /// <summary>The entries by name.</summary>
    public static IReadOnlyDictionary<string, ZipEntry> Read(WeightBytes file)
    {
        (long count, long size, long start) = FindDirectory(file);
        if (start < 0 || size < 0 || start > file.Length - size || count < 0 || count > size / CentralHeaderLength)
        {
            throw new WeightFileException(
                file.Path, $"the zip directory ({count} entries, {size} bytes at {start}) does not fit the file of {file.Length} bytes.",
                offset: start);
        }

        Dictionary<string, ZipEntry> entries = new(StringComparer.Ordinal);
        long position = start;
        for (long i = 0; i < count; i++)
        {
            ZipEntry entry = ReadEntry(file, ref position, start + size);
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw new WeightFileException(file.Path, $"zip entry '{entry.Name}' occurs twice.", offset: entry.HeaderOffset);
            }
        }

        CheckDisjoint(file, entries.Values, start);
        return entries;
    }

    private static (long Count, long Size, long Start) FindDirectory(WeightBytes file)
    {
        int tailLength = (int)Math.Min(file.Length, EndRecordLength + LongestComment);
        long tailStart = file.Length - tailLength;
        ReadOnlySpan<byte> tail = file.Span(tailStart, tailLength);
        for (int i = tailLength - EndRecordLength; i >= 0; i--)
        {
            if (UInt32(tail[i..]) != EndRecord || UInt16(tail[(i + 20)..]) != tailLength - i - EndRecordLength)
            {
                continue;
            }

            ReadOnlySpan<byte> end = tail[i..];
            long locator = tailStart + i - Zip64LocatorLength;
            return locator >= 0 && UInt32(file.Span(locator, 4)) == Zip64Locator
                ? ReadZip64End(file, Int64(file.Span(locator + 8, 8)))
                : (UInt16(end[10..]), UInt32(end[12..]), UInt32(end[16..]));
        }

        throw new WeightFileException(
            file.Path, "the zip archive has no end record; it was probably cut while it was copied.", offset: file.Length);
    }

    private static (long Count, long Size, long Start) ReadZip64End(WeightBytes file, long offset)
    {
        ReadOnlySpan<byte> end = file.Span(offset, 56);
        return UInt32(end) == Zip64EndRecord
            ? (Int64(end[32..]), Int64(end[40..]), Int64(end[48..]))
            : throw new WeightFileException(file.Path, "the Zip64 end record is not where its locator says.", offset: offset);
    }

    private static ZipEntry ReadEntry(WeightBytes file, ref long position, long end)
    {
        if (position > end - CentralHeaderLength)
        {
            throw new WeightFileException(file.Path, "the zip directory ends inside an entry.", offset: position);
        }

        ReadOnlySpan<byte> header = file.Span(position, CentralHeaderLength);
        int nameLength = UInt16(header[28..]);
        int extraLength = UInt16(header[30..]);
        int length = CentralHeaderLength + nameLength + extraLength + UInt16(header[32..]);
        if (UInt32(header) != CentralHeader || position > end - length)
        {
            throw new WeightFileException(file.Path, "the zip directory has a broken entry.", offset: position);
        }

        string name = Name(file, position + CentralHeaderLength, nameLength);
        if (UInt16(header[10..]) != 0 || (UInt16(header[8..]) & 1) != 0)
        {
            throw new WeightFileException(
                file.Path,
                $"zip entry '{name}' is compressed or encrypted, which PyTorch's files never are; save it again with torch.save.",
                offset: position);
        }

        long stored = UInt32(header[20..]);
        long size = UInt32(header[24..]);
        long headerOffset = UInt32(header[42..]);
        ReadZip64Extra(file.Span(position + CentralHeaderLength + nameLength, extraLength), ref size, ref stored, ref headerOffset);
        if (stored != size)
        {
            throw new WeightFileException(
                file.Path, $"zip entry '{name}' is not compressed but has two sizes, {stored} and {size}.", offset: position);
        }

        uint checksum = UInt32(header[16..]);
        position += length;
        return new ZipEntry(name, headerOffset, DataOffset(file, name, headerOffset, size), size, checksum);
    }

    private static string Name(WeightBytes file, long offset, int length)
    {
        try
        {
            return StrictUtf8.GetString(file.Span(offset, length));
        }
        catch (DecoderFallbackException error)
        {
            throw new WeightFileException(file.Path, "the name of a zip entry is not UTF-8.", offset: offset, innerException: error);
        }
    }

    private static void ReadZip64Extra(ReadOnlySpan<byte> extra, ref long size, ref long stored, ref long headerOffset)
    {
        while (extra.Length >= 4)
        {
            int kind = UInt16(extra);
            int length = Math.Min(UInt16(extra[2..]), extra.Length - 4);
            ReadOnlySpan<byte> field = extra.Slice(4, length);
            if (kind == 1)
            {
                ReplaceIfWide(ref field, ref size);
                ReplaceIfWide(ref field, ref stored);
                ReplaceIfWide(ref field, ref headerOffset);
            }

            extra = extra[(4 + length)..];
        }
    }

    private static void ReplaceIfWide(ref ReadOnlySpan<byte> field, ref long value)
    {
        if (value == uint.MaxValue && field.Length >= 8)
        {
            value = Int64(field);
            field = field[8..];
        }
    }

    private static long DataOffset(WeightBytes file, string name, long headerOffset, long size)
    {
        ReadOnlySpan<byte> header = file.Span(headerOffset, LocalHeaderLength);
        int nameLength = UInt16(header[26..]);
        if (UInt32(header) != LocalHeader || Name(file, headerOffset + LocalHeaderLength, nameLength) != name)
        {
            throw new WeightFileException(file.Path, $"zip entry '{name}' does not begin where the directory says.", offset: headerOffset);
        }

        long start = headerOffset + LocalHeaderLength + nameLength + UInt16(header[28..]);
        return size >= 0 && start <= file.Length - size
            ? start
            : throw new WeightFileException(
                file.Path, $"zip entry '{name}' of {size} bytes reaches beyond the file's {file.Length}.", offset: start);
    }

    // Overlapping entries would let a small file stand for a large amount of data.
    private static void CheckDisjoint(WeightBytes file, IEnumerable<ZipEntry> entries, long directoryStart)
    {
        long end = 0;
        foreach (ZipEntry entry in entries.OrderBy(entry => entry.HeaderOffset))
        {
            if (entry.HeaderOffset < end)
            {
                throw new WeightFileException(
                    file.Path, $"zip entry '{entry.Name}' overlaps the one before it.", offset: entry.HeaderOffset);
            }

            end = entry.DataOffset + entry.Size;
        }

        if (end > directoryStart)
        {
            throw new WeightFileException(file.Path, "the last zip entry overlaps the directory.", offset: directoryStart);
        }
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long Int64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);
}

/// <summary>An uncompressed entry of a zip archive.</summary>
/// <param name="Name">Its name with slashes.</param>
/// <param name="HeaderOffset">Where its local header begins.</param>
/// <param name="DataOffset">Where its bytes begin.</param>
/// <param name="Size">How many bytes it has.</param>
/// <param name="Checksum">The CRC-32 that the directory claims.</param>
internal sealed record ZipEntry(string Name, long HeaderOffset, long DataOffset, long Size, uint Checksum);
