using System.Security.Cryptography;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>What some bytes are known by: how many there are, and their SHA-256.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">64 hexadecimal digits, lower case.</param>
internal readonly record struct ContentHash(long Length, string Sha256)
{
    /// <summary>The hash of bytes that are in memory.</summary>
    public static ContentHash Of(ReadOnlySpan<byte> bytes) => new(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <summary>The hash of what is left of a stream.</summary>
    public static ContentHash Of(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var hashing = new HashingStream(stream);
        hashing.CopyTo(Stream.Null);
        return hashing.Finish();
    }
}
