namespace Microsoft.ML.Gmt;

/// <summary>
/// Temporary folders that end with their process, or with the next process that makes one: each holds a file that its process keeps locked,
/// so a folder whose file can be locked belongs to nobody any more.
/// </summary>
internal static class AbandonedFolders
{
    /// <summary>What the folders' names begin with.</summary>
    public const string Prefix = "gmt-base-model-";

    private const string Mark = ".in-use";

    // Between a folder and its mark, and where an older version made the folder without one.
    private static readonly TimeSpan Unmarked = TimeSpan.FromDays(1);

    /// <summary>Makes a folder that nobody else may read.</summary>
    /// <returns>Its mark, to be kept open as long as the folder is used.</returns>
    public static FileStream Make(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return new FileStream(Path.Combine(folder, Mark), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>Removes the folders of processes that are gone.</summary>
    /// <param name="temporary">Where to look.</param>
    public static void Sweep(string temporary)
    {
        if (!Directory.Exists(temporary))
        {
            return;
        }

        try
        {
            foreach (DirectoryInfo folder in new DirectoryInfo(temporary).EnumerateDirectories(Prefix + "*"))
            {
                if (folder.LinkTarget is null && IsAbandoned(folder))
                {
                    Remove(folder.FullName);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process sweeps as well, or the folder may not be listed: what is left is left to the next.
        }
    }

    /// <summary>Removes a folder as far as it can be.</summary>
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Some systems keep mapped files, and other users' folders are theirs.
        }
    }

    private static bool IsAbandoned(DirectoryInfo folder)
    {
        string mark = Path.Combine(folder.FullName, Mark);
        if (!File.Exists(mark))
        {
            return DateTime.UtcNow - folder.LastWriteTimeUtc > Unmarked;
        }

        try
        {
            using var own = new FileStream(mark, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
