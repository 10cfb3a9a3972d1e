namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// A file that is held so that nobody else works on the same thing. The system lets go of it when the process ends, however it ends; a file
/// that a killed process left behind is taken by the next one and removed at its end.
/// </summary>
internal sealed class FileLock : IDisposable
{
    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes a lock.</summary>
    /// <param name="path">The file to hold; its folder is created where it is missing.</param>
    /// <returns>Null where another process, or another part of this one, holds it.</returns>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static FileLock? TryTake(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        while (true)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException e) when (HeldByAnother.Contains(e.HResult))
            {
                return null;
            }

            if (File.Exists(path))
            {
                return new FileLock(file);
            }

            file.Dispose(); // whoever held it removed it after it was opened here
        }
    }

    /// <summary>Lets go of it, and removes the file.</summary>
    public void Dispose() => _file.Dispose();
}
