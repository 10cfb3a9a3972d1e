namespace Microsoft.ML.Gmt.Tests.Weights;

/// <summary>Makes files whose bytes were changed on purpose pass for files without checksums: what comes after those is tested.</summary>
internal static class ZipChecksums
{
    private const int ChecksumOffset = 16;
    private const int ChecksumLength = 4;

    private static ReadOnlySpan<byte> DirectoryEntry => [(byte)'P', (byte)'K', 1, 2];

    /// <summary>A copy whose directory records no CRC-32, as files of torch.save do that were told to record none.</summary>
    public static byte[] Forget(byte[] file)
    {
        byte[] changed = [.. file];
        for (int at = 0; changed.AsSpan(at).IndexOf(DirectoryEntry) is >= 0 and int next; at += next + DirectoryEntry.Length)
        {
            Span<byte> entry = changed.AsSpan(at + next);
            if (entry.Length >= ChecksumOffset + ChecksumLength)
            {
                entry.Slice(ChecksumOffset, ChecksumLength).Clear();
            }
        }

        return changed;
    }
}
