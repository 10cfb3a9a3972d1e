using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// Writes the zip archive of <c>torch.save</c> as PyTorch's own writer does: entries stored, their data at multiples of 64 bytes (padded by
/// an extra field <c>FB</c>), sizes and checksums after the data (none after no data), a Zip64 end record always. The stream need not be
/// seekable.
/// </summary>
internal sealed class TorchZipWriter(Stream output, string root, long wideFrom = uint.MaxValue)
{
    private const int Alignment = 64;
    private const int LocalHeaderLength = 30;
    private const int ExtraHeaderLength = 4;
    private const ushort Utf8 = 0x0800;
    private const ushort SizesFollow = 0x0008;

    private readonly ArrayBufferWriter<byte> _directory = new();
    private ulong _nameHash = 14695981039346656037; // FNV-1a
    private ulong _contentHash;
    private long _position;
    private long _entries;

    /// <summary>Hands out the bytes of an entry in parts.</summary>
    public delegate void ContentSource(NativeTensor.ReadOnlySpanAction<byte> consume);

    public void Add(string name, ReadOnlySpan<byte> content)
    {
        byte[] copy = content.ToArray();
        Add(name, copy.Length, consume => consume(copy));
    }

    /// <param name="name">The entry's name below the root folder.</param>
    /// <param name="size">How many bytes it has. Zip64 fields are written where it, or the place of the entry, needs more than 32
    /// bits.</param>
    /// <param name="content">Gives exactly that many bytes.</param>
    public void Add(string name, long size, ContentSource content)
    {
        byte[] fullName = Encoding.UTF8.GetBytes($"{root}/{name}");
        long headerOffset = _position;
        byte[] wide = WideFields(size, headerOffset);
        WriteLocalHeader(fullName, Flags(size), wide);
        var checksum = new Crc32();
        long written = 0;
        content(part =>
        {
            checksum.Append(part);
            output.Write(part);
            written += part.Length;
        });
        if (written != size)
        {
            throw new InvalidOperationException($"Entry '{name}' of {size} bytes got {written}.");
        }

        uint value = checksum.GetCurrentHashAsUInt32();
        _position += size;
        if (size > 0)
        {
            WriteSizes(value, size, wide.Length > 0);
        }

        WriteDirectoryEntry(fullName, value, size, headerOffset, wide);
        _entries++;
        foreach (byte letter in fullName)
        {
            _nameHash = (_nameHash ^ letter) * 1099511628211;
        }

        _contentHash = (_contentHash * 31) + value;
    }

    /// <summary>Adds the fingerprint of names and contents, then the directory.</summary>
    public void Finish()
    {
        Add(
            ".data/serialization_id",
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_nameHash:D20}{_contentHash:D20}")));
        long start = _position;
        Write(_directory.WrittenSpan);
        long size = _position - start;
        long zip64End = _position;
        Write([
            .. "PK\u0006\u0006"u8, .. Wide(44), .. Narrow16(0x031e), .. Narrow16(45), .. Narrow32(0), .. Narrow32(0),
            .. Wide(_entries), .. Wide(_entries), .. Wide(size), .. Wide(start),
        ]);
        Write([.. "PK\u0006\u0007"u8, .. Narrow32(0), .. Wide(zip64End), .. Narrow32(1)]);
        ushort entries = (ushort)Math.Min(_entries, ushort.MaxValue);
        Write([
            .. "PK\u0005\u0006"u8, .. Narrow32(0), .. Narrow16(entries), .. Narrow16(entries),
            .. Narrow32(Clamp(size)), .. Narrow32(Clamp(start)), .. Narrow16(0),
        ]);
    }

    private byte[] WideFields(long size, long headerOffset)
    {
        bool wideSize = size >= wideFrom;
        bool wideOffset = headerOffset >= wideFrom;
        if (!wideSize && !wideOffset)
        {
            return [];
        }

        byte[] fields = [.. wideSize ? (byte[])[.. Wide(size), .. Wide(size)] : [], .. wideOffset ? Wide(headerOffset) : []];
        return [.. Narrow16(1), .. Narrow16((ushort)fields.Length), .. fields];
    }

    private void WriteLocalHeader(byte[] name, ushort flags, byte[] wide)
    {
        long dataStart = _position + LocalHeaderLength + name.Length + wide.Length + ExtraHeaderLength;
        ushort padding = (ushort)((Alignment - (dataStart % Alignment)) % Alignment);
        byte[] filler = new byte[padding];
        filler.AsSpan().Fill((byte)'Z');
        Write([
            .. "PK\u0003\u0004"u8, .. Narrow16(0), .. Narrow16(flags), .. new byte[18], .. Narrow16((ushort)name.Length),
            .. Narrow16((ushort)(wide.Length + ExtraHeaderLength + padding)),
        ]);
        Write(name);
        Write(wide);
        Write([.. "FB"u8, .. Narrow16(padding), .. filler]);
    }

    private void WriteSizes(uint checksum, long size, bool wide) => Write(wide
        ? [.. "PK\u0007\u0008"u8, .. Narrow32(checksum), .. Wide(size), .. Wide(size)]
        : [.. "PK\u0007\u0008"u8, .. Narrow32(checksum), .. Narrow32((uint)size), .. Narrow32((uint)size)]);

    private void WriteDirectoryEntry(byte[] name, uint checksum, long size, long headerOffset, byte[] wide)
    {
        uint narrowSize = size >= wideFrom ? uint.MaxValue : (uint)size;
        uint narrowOffset = headerOffset >= wideFrom ? uint.MaxValue : (uint)headerOffset;
        _directory.Write([
            .. "PK\u0001\u0002"u8, .. Narrow32(0), .. Narrow16(Flags(size)), .. new byte[6], .. Narrow32(checksum), .. Narrow32(narrowSize),
            .. Narrow32(narrowSize),
            .. Narrow16((ushort)name.Length), .. Narrow16((ushort)wide.Length), .. new byte[10], .. Narrow32(narrowOffset), .. name,
            .. wide]);
    }

    private static ushort Flags(long size) => (ushort)(Utf8 | (size > 0 ? SizesFollow : 0));

    private uint Clamp(long value) => value >= wideFrom ? uint.MaxValue : (uint)value;

    private void Write(ReadOnlySpan<byte> bytes)
    {
        output.Write(bytes);
        _position += bytes.Length;
    }

    private static byte[] Narrow16(ushort value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Narrow32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Wide(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
