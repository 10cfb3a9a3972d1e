using Microsoft.Win32.SafeHandles;

namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>Files in memory for readers that take a path: those of one process lie in a folder of its own, and are written over where they
/// change.</summary>
internal static class FuzzFile
{
    private static readonly byte[] Mark = [.. "\n%%\n"u8];

    /// <summary>The folder of this process.</summary>
    public static string Scratch { get; } = Create();

    // Calls of the system take longer than most readers: each file stays open, shared with everybody, and a part of an input that is
    // that of the last one is not written again.
    private static readonly Dictionary<string, Held> Open = new(StringComparer.Ordinal);
    private static readonly HashSet<string> Folders = new(StringComparer.Ordinal);

    /// <summary>Writes a file.</summary>
    /// <param name="name">Its name, with a slash where it lies in a folder.</param>
    /// <param name="bytes">What it holds.</param>
    /// <returns>Its path.</returns>
    public static string Write(string name, ReadOnlySpan<byte> bytes)
    {
        if (!Open.TryGetValue(name, out Held? held))
        {
            string path = Path.Combine(Scratch, name), folder = Path.GetDirectoryName(path)!;
            if (Folders.Add(folder))
            {
                Directory.CreateDirectory(folder);
            }

            Open.Add(name, held = new Held(
                path, File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)));
        }

        if (!bytes.SequenceEqual(held.Content))
        {
            if (bytes.Length < held.Content.Length)
            {
                RandomAccess.SetLength(held.Handle, bytes.Length);
            }

            RandomAccess.Write(held.Handle, bytes, fileOffset: 0);
            held.Content = bytes.ToArray();
        }

        return held.Path;
    }

    /// <summary>Writes the parts of an input as the files of a folder; those that are missing or empty are not there.</summary>
    /// <returns>The folder.</returns>
    public static string WriteFolder(string folder, byte[] input, params ReadOnlySpan<string> names)
    {
        byte[][] parts = Parts(input, names.Length);
        for (int i = 0; i < names.Length; i++)
        {
            string name = $"{folder}/{names[i]}";
            if (parts[i].Length > 0)
            {
                Write(name, parts[i]);
            }
            else
            {
                Remove(name);
            }
        }

        return Path.Combine(Scratch, folder);
    }

    /// <summary>Removes a file where it is there.</summary>
    public static void Remove(string name)
    {
        if (Open.Remove(name, out Held? held))
        {
            held.Handle.Dispose();
            File.Delete(held.Path);
        }
    }

    /// <summary>The parts of an input, which <c>%%</c> in a line of its own separates; those that are missing are empty.</summary>
    public static byte[][] Parts(byte[] input, int count)
    {
        var parts = new byte[count][];
        ReadOnlySpan<byte> rest = input;
        for (int i = 0; i < count; i++)
        {
            int end = rest.IndexOf(Mark);
            parts[i] = (end < 0 ? rest : rest[..end]).ToArray();
            rest = end < 0 ? [] : rest[(end + Mark.Length)..];
        }

        return parts;
    }

    private static string Create()
    {
        string parent = Environment.GetEnvironmentVariable("GMT_FUZZ_FOLDER") is { Length: > 0 } given ? given
            : Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        string folder = Directory.CreateDirectory(Path.Combine(parent, $"gmt-fuzz-{Environment.ProcessId}")).FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }

    private sealed record Held(string Path, SafeFileHandle Handle)
    {
        public byte[] Content { get; set; } = [];
    }
}
