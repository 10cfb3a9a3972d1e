using System.Globalization;
using System.IO.Hashing;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// Compares the bytes of a zip entry with the CRC-32 that the archive records of them: no single bit can change unnoticed.
/// </summary>
internal static class ZipChecksum
{
    private const int Part = 1 << 24;

    // What torch.save records where torch.serialization.set_crc32_options(False) holds.
    private const uint NotRecorded = 0;

    /// <exception cref="WeightFileException">The bytes are others than those that were written.</exception>
    public static void Check(WeightBytes file, ZipEntry entry, string? tensor = null)
    {
        if (entry.Checksum == NotRecorded)
        {
            return;
        }

        var checksum = new Crc32();
        for (long position = 0; position < entry.Size; position += Part)
        {
            checksum.Append(file.Span(entry.DataOffset + position, (int)Math.Min(Part, entry.Size - position)));
        }

        if (checksum.GetCurrentHashAsUInt32() != entry.Checksum)
        {
            throw new WeightFileException(
                file.Path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the bytes of zip entry '{entry.Name}' are not those that were saved: the archive records the CRC-32 "
                    + $"{entry.Checksum:x8}, they have {checksum.GetCurrentHashAsUInt32():x8}."),
                tensor,
                entry.DataOffset,
                "The file is damaged; take an undamaged copy, or save it again.");
        }
    }
}
