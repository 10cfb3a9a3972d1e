namespace Microsoft.ML.Gmt.Extensions;

/// <summary>What tells a changed file, or a folder with a changed file, from an unchanged one: sizes, and the last change.</summary>
internal readonly record struct FileStamp(long Length, long LastWrite, int Files)
{
    /// <summary>The stamp of a path; null where nothing is there, or it can't be looked at.</summary>
    public static FileStamp? Of(string path)
    {
        try
        {
            FileInfo[] files = Directory.Exists(path) ? new DirectoryInfo(path).GetFiles() : [new FileInfo(path)];
            return files.Length == 0 || !files[0].Exists ? null : new FileStamp(
                files.Sum(file => file.Length), files.Max(file => file.LastWriteTimeUtc.Ticks), files.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
