namespace Microsoft.ML.Gmt.Extensions;

/// <summary>
/// What tells a changed file, or a folder with a changed file, from an unchanged one: sizes, the last change, and where the files lie.
/// </summary>
/// <remarks>
/// Links are followed, those of folders as well: volumes of containers replace a file by giving one link another target, and a link's own
/// size and time then stay as they are.
/// </remarks>
internal readonly record struct FileStamp(long Length, long LastWrite, string Targets)
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <summary>The stamp of a full path; null where nothing is there, or it can't be looked at.</summary>
    public static FileStamp? Of(string path)
    {
        try
        {
            string target = Target(path);
            FileInfo[] files = Directory.Exists(target)
                ? [.. Directory.GetFiles(target).Order(StringComparer.Ordinal).Select(file => new FileInfo(Target(file)))]
                : [new FileInfo(target)];
            return files.Length == 0 || !files[0].Exists ? null : new FileStamp(
                files.Sum(file => file.Length), files.Max(file => file.LastWriteTimeUtc.Ticks),
                string.Join('\n', files.Select(file => file.FullName)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The path without links; <see cref="FileSystemInfo.ResolveLinkTarget"/> leaves those of the folders above.</summary>
    private static string Target(string path, int links = 0)
    {
        string target = Path.GetPathRoot(path)!;
        foreach (string part in Path.GetRelativePath(target, path).Split(Path.DirectorySeparatorChar))
        {
            target = Path.Combine(target, part);
            if (new FileInfo(target).LinkTarget is { } next)
            {
                target = links < MostLinks ? Target(Path.GetFullPath(next, Path.GetDirectoryName(target)!), links + 1)
                    : throw new IOException($"'{path}' leads through more than {MostLinks} links.");
            }
        }

        return target;
    }
}
