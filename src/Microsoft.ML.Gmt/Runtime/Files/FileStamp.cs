using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Size of a file and time of its last change, of the target where it is a link: while both stay, the content is taken to be the same.
/// </summary>
/// <param name="Length">Bytes.</param>
/// <param name="Modified">When it was last written, UTC.</param>
internal readonly record struct FileStamp(long Length, DateTime Modified)
{
    // Within the resolution of file systems' clocks a change may leave the time as it is.
    private static readonly TimeSpan ClockResolution = TimeSpan.FromSeconds(2);

    /// <summary>The stamp of a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static FileStamp Of(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path);
        return new FileStamp(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));
    }

    /// <summary>Whether the last change is long enough ago that the next one will show.</summary>
    public bool IsSettled(TimeProvider clock) => clock.GetUtcNow().UtcDateTime - Modified > ClockResolution;
}
