using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Reading an entry of a zip archive that may be damaged, or made to fill memory and disk.</summary>
internal static class ArchiveEntry
{
    // Weights and texts shrink to a tenth at most; a bomb of zeros shrinks to a thousandth. Small entries do no harm.
    private const long LargestRatio = 100;
    private const long AlwaysPlausible = 64L << 20;

    private const string Remedy = "The archive is damaged; take an undamaged copy, or save the model again.";

    /// <summary>The folder that an entry lies in, with slashes; empty for none.</summary>
    public static string FolderOf(ZipArchiveEntry entry)
    {
        string name = NameOf(entry);
        int end = name.LastIndexOf('/');
        return end < 0 ? "" : name[..end];
    }

    /// <summary>Refuses an entry that would unpack to more than can be meant, before a byte of it is unpacked.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="place">What messages call it.</param>
    /// <param name="longest">The most bytes that are plausible.</param>
    /// <exception cref="GmtFileException">It is too long.</exception>
    public static void CheckSize(ZipArchiveEntry entry, string place, long longest = long.MaxValue)
    {
        if (entry.Length > longest || (entry.Length > AlwaysPlausible && entry.Length / LargestRatio > entry.CompressedLength))
        {
            string limit = entry.Length > longest ? $"at most {longest} are plausible" : "no model's file shrinks so much";
            throw new GmtFileException(
                place, null,
                string.Create(CultureInfo.InvariantCulture, $"it would unpack {entry.CompressedLength} bytes to {entry.Length}; {limit}."),
                "The archive is damaged, or was made to do harm: get it from its source again.");
        }
    }

    /// <summary>Begins to unpack an entry.</summary>
    /// <exception cref="GmtFileException">The archive is damaged here.</exception>
    public static Stream Open(ZipArchiveEntry entry, string place)
    {
        try
        {
            return entry.Open();
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(place, e);
        }
    }

    /// <summary>Whether an exception is how .NET says that an archive is malformed.</summary>
    public static bool IsDamage(Exception exception) => exception is InvalidDataException or EndOfStreamException;

    /// <summary>What is said of an entry that cannot be unpacked.</summary>
    public static GmtFileException Damaged(string place, Exception cause) =>
        new(place, null, $"it cannot be unpacked: {cause.Message}", Remedy, cause);

    /// <summary>Compares an entry with the CRC-32 that the archive records of it, which .NET does not do.</summary>
    /// <exception cref="GmtFileException">It differs.</exception>
    public static void CheckChecksum(ZipArchiveEntry entry)
    {
        string place = NameOf(entry);
        var checksum = new Crc32();
        long length = 0;
        try
        {
            using Stream unpacked = entry.Open();
            byte[] part = new byte[1 << 16];
            for (int read; (read = unpacked.Read(part)) > 0; length += read)
            {
                checksum.Append(part.AsSpan(0, read));
            }
        }
        catch (Exception e) when (IsDamage(e))
        {
            throw Damaged(place, e);
        }

        if (length != entry.Length || checksum.GetCurrentHashAsUInt32() != entry.Crc32)
        {
            throw new GmtFileException(place, null, "its bytes are not those that were saved: the archive's CRC-32 differs.", Remedy);
        }
    }

    private static string NameOf(ZipArchiveEntry entry) => entry.FullName.Replace('\\', '/');
}
