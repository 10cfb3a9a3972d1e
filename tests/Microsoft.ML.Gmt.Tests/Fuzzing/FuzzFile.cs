namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>Files in memory for readers that take a path: those of one process lie in a folder of its own, and are written over each
/// time.</summary>
internal static class FuzzFile
{
    private static readonly byte[] Mark = [.. "\n%%\n"u8];

    private static readonly string Scratch = Create();

    /// <summary>Writes a file.</summary>
    /// <param name="name">Its name, with a slash where it lies in a folder.</param>
    /// <param name="bytes">What it holds.</param>
    /// <returns>Its path.</returns>
    public static string Write(string name, ReadOnlySpan<byte> bytes)
    {
        string path = Path.Combine(Scratch, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        stream.Write(bytes);
        return path;
    }

    /// <summary>Writes the parts of an input, which <c>%%</c> in a line of its own separates, as the files of a folder; what is missing is
    /// removed.</summary>
    /// <returns>The folder.</returns>
    public static string WriteFolder(string folder, ReadOnlySpan<byte> input, params string[] names)
    {
        foreach (string name in names)
        {
            int end = input.IndexOf(Mark);
            string path = Write($"{folder}/{name}", end < 0 ? input : input[..end]);
            if (input.IsEmpty)
            {
                File.Delete(path);
            }

            input = end < 0 ? [] : input[(end + Mark.Length)..];
        }

        return Path.Combine(Scratch, folder);
    }

    /// <summary>The first two parts of an input.</summary>
    public static (byte[] First, byte[] Second) Split(byte[] input)
    {
        int end = input.AsSpan().IndexOf(Mark);
        return end < 0 ? (input, []) : (input[..end], input[(end + Mark.Length)..]);
    }

    private static string Create()
    {
        string parent = Environment.GetEnvironmentVariable("GMT_FUZZ_FOLDER") is { Length: > 0 } given ? given
            : Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        string folder = Directory.CreateDirectory(Path.Combine(parent, $"gmt-fuzz-{Environment.ProcessId}")).FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
