namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Writes a file whole or not at all: to a temporary name in the same folder, flushed to the disk, then renamed.</summary>
/// <remarks>
/// The temporary file is locked while it is written, so that what killed processes left behind can be told from what is in use.
/// </remarks>
internal static class AtomicFile
{
    private const int Attempts = 3;

    /// <summary>Writes <paramref name="path"/>; an earlier file of that name stays untouched until the new one is complete.</summary>
    /// <param name="path">The file to write; its folder is created where it is missing.</param>
    /// <param name="write">Writes the content. If it throws, nothing changes.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        RemoveRemains(target);
        using FileStream stream = Create(target);
        try
        {
            write(stream);
            stream.Flush(flushToDisk: true);
            File.Move(stream.Name, target, overwrite: true);
        }
        catch
        {
            File.Delete(stream.Name);
            throw;
        }
    }

    /// <summary>
    /// Removes what writers of <paramref name="path"/> left behind when their process was killed. What is being written stays.
    /// </summary>
    /// <param name="path">A file that need not exist.</param>
    public static void RemoveRemains(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path), folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string remains in Directory.EnumerateFiles(folder, TemporaryName(target, new string('?', 32))))
        {
            try
            {
                const FileOptions Delete = FileOptions.DeleteOnClose;
                new FileStream(remains, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, Delete).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody writes it, or has removed it meanwhile.
            }
        }
    }

    private static FileStream Create(string target)
    {
        string folder = Path.GetDirectoryName(target)!;
        for (int attempt = 1; ; attempt++)
        {
            string temporary = Path.Combine(folder, TemporaryName(target, Guid.NewGuid().ToString("N")));
            try
            {
                var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
                if (File.Exists(temporary) || attempt == Attempts)
                {
                    return stream;
                }

                stream.Dispose();
            }
            catch (IOException) when (attempt < Attempts && Directory.Exists(folder))
            {
                // Between the creation and the lock, somebody who removes remains may have taken it for some.
            }
        }
    }

    private static string TemporaryName(string target, string unique) => $".{Path.GetFileName(target)}.{unique}.tmp";
}
