using System.Buffers.Binary;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>The CRC-32 of zip archives (polynomial 0xEDB88320, reflected), eight bytes a step by eight tables ("slicing by 8").</summary>
internal struct Crc32
{
    private const int TableLength = 256;
    private static readonly uint[] Tables = MakeTables();

    private uint _inverted;

    /// <summary>The checksum of all bytes so far; 0 of none.</summary>
    public readonly uint Value => _inverted;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> tables = Tables;
        uint crc = ~_inverted;
        while (bytes.Length >= 8)
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = At(tables, 7, low) ^ At(tables, 6, low >> 8) ^ At(tables, 5, low >> 16) ^ At(tables, 4, low >> 24)
                ^ At(tables, 3, high) ^ At(tables, 2, high >> 8) ^ At(tables, 1, high >> 16) ^ At(tables, 0, high >> 24);
            bytes = bytes[8..];
        }

        foreach (byte value in bytes)
        {
            crc = At(tables, 0, crc ^ value) ^ (crc >> 8);
        }

        _inverted = ~crc;
    }

    private static uint At(ReadOnlySpan<uint> tables, int table, uint index) => tables[(table * TableLength) + (int)(index & 0xff)];

    private static uint[] MakeTables()
    {
        uint[] tables = new uint[8 * TableLength];
        for (uint i = 0; i < TableLength; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            }

            tables[i] = crc;
        }

        for (int i = TableLength; i < tables.Length; i++)
        {
            uint previous = tables[i - TableLength];
            tables[i] = tables[(int)(previous & 0xff)] ^ (previous >> 8);
        }

        return tables;
    }
}
