namespace Microsoft.ML.Gmt.Runtime;

/// <summary>The first digits of a hash: enough to tell two training runs apart, short enough for a message.</summary>
internal static class ShortHash
{
    private const int Digits = 16;

    /// <summary>Hexadecimal, lower case.</summary>
    public static string Text(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash)[..Digits];
}
