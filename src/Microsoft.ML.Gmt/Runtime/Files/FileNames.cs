using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Names of files that stand in other files: they must not lead out of a folder, and must be names on every system.</summary>
internal static class FileNames
{
    // What file systems of Linux, macOS and Windows have in common.
    private const int LongestName = 255;

    private static readonly System.Buffers.SearchValues<char> Separators = System.Buffers.SearchValues.Create("/\\:");

    /// <summary>Whether a text is the name of a file or folder inside a folder: no path, no control characters, at most 255
    /// bytes.</summary>
    public static bool IsPlain(string name) =>
        name.Length > 0 && name is not ("." or "..") && Encoding.UTF8.GetByteCount(name) <= LongestName
        && name.AsSpan().IndexOfAny(Separators) < 0 && !name.Any(char.IsControl);
}
