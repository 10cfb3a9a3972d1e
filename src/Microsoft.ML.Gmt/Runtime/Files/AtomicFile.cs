namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Writes a file whole or not at all: to a temporary name in the same folder, flushed to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes <paramref name="path"/>; an earlier file of that name stays untouched until the new one is complete.</summary>
    /// <param name="path">The file to write; its folder is created where it is missing.</param>
    /// <param name="write">Writes the content. If it throws, nothing changes.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, TemporaryName(target, Guid.NewGuid().ToString("N")));
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Removes what writers of <paramref name="path"/> left behind when their process was killed. Nobody may be writing it meanwhile.</summary>
    /// <param name="path">A file that need not exist.</param>
    public static void RemoveRemains(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path), folder = Path.GetDirectoryName(target)!;
        if (Directory.Exists(folder))
        {
            foreach (string remains in Directory.EnumerateFiles(folder, TemporaryName(target, new string('?', 32))))
            {
                File.Delete(remains);
            }
        }
    }

    private static string TemporaryName(string target, string unique) => $".{Path.GetFileName(target)}.{unique}.tmp";
}
