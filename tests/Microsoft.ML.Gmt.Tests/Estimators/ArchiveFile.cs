using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>A model archive in a file, for tests that change its entries or its bytes.</summary>
internal static class ArchiveFile
{
    private const string Manifest = "manifest.txt";

    private static ReadOnlySpan<byte> DirectoryEntry => [(byte)'P', (byte)'K', 1, 2];

    /// <summary>
    /// Changes an entry, found by the end of its name, and lists its hash anew: the archive then is what its maker meant it to be.
    /// </summary>
    /// <param name="path">The archive.</param>
    /// <param name="name">The end of the entry's name.</param>
    /// <param name="change">Its new content; null removes it.</param>
    /// <param name="isListed">Whether its hash is listed anew.</param>
    public static void Change(string path, string name, Func<byte[], byte[]?> change, bool isListed = true)
    {
        using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Update);
        ZipArchiveEntry entry = archive.Entries.Single(entry => NameOf(entry).EndsWith(name, StringComparison.Ordinal));
        string folder = NameOf(entry)[..^entry.Name.Length];
        byte[]? changed = change(Bytes(entry));
        Put(archive, entry, changed);
        if (isListed && archive.Entries.SingleOrDefault(other => NameOf(other) == folder + Manifest) is { } list)
        {
            Gmt.Runtime.Manifest before = Gmt.Runtime.Manifest.Parse(Encoding.UTF8.GetString(Bytes(list)), Manifest), after = new();
            foreach ((string part, ContentHash content) in before.Parts)
            {
                if (part != entry.Name)
                {
                    after.Add(part, content);
                }
                else if (changed is not null)
                {
                    after.Add(part, ContentHash.Of(changed));
                }
            }

            Put(archive, list, Encoding.UTF8.GetBytes(after.ToText()));
        }
    }

    /// <summary>Changes an entry as text.</summary>
    public static void Replace(string path, string name, string old, string text, bool isListed = true) => Change(
        path, name,
        bytes =>
        {
            string before = Encoding.UTF8.GetString(bytes);
            StringAssert.Contains(before, old);
            return Encoding.UTF8.GetBytes(before.Replace(old, text, StringComparison.Ordinal));
        },
        isListed);

    /// <summary>The content of an entry, found by the end of its name.</summary>
    public static string Text(string path, string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return Encoding.UTF8.GetString(Bytes(archive.Entries.Single(entry => NameOf(entry).EndsWith(name, StringComparison.Ordinal))));
    }

    /// <summary>Where the packed bytes of each entry are.</summary>
    public static IReadOnlyList<(string Name, int Start, int End)> Layout(byte[] archive)
    {
        List<(string Name, int Start, int End)> entries = [];
        for (int at = 0; archive.AsSpan(at).IndexOf(DirectoryEntry) is >= 0 and int next; at += next + DirectoryEntry.Length)
        {
            ReadOnlySpan<byte> entry = archive.AsSpan(at + next);
            int packed = BinaryPrimitives.ReadInt32LittleEndian(entry[20..]), local = BinaryPrimitives.ReadInt32LittleEndian(entry[42..]);
            string name = Encoding.UTF8.GetString(entry.Slice(46, BinaryPrimitives.ReadUInt16LittleEndian(entry[28..])));
            ReadOnlySpan<byte> header = archive.AsSpan(local);
            int names = BinaryPrimitives.ReadUInt16LittleEndian(header[26..]);
            int extra = BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
            int start = local + 30 + names + extra;
            entries.Add((name.Replace('\\', '/'), start, start + packed));
        }

        return entries;
    }

    private static string NameOf(ZipArchiveEntry entry) => entry.FullName.Replace('\\', '/');

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        using (Stream stream = entry.Open())
        {
            stream.CopyTo(bytes);
        }

        return bytes.ToArray();
    }

    private static void Put(ZipArchive archive, ZipArchiveEntry entry, byte[]? bytes)
    {
        string name = entry.FullName;
        entry.Delete();
        if (bytes is not null)
        {
            using Stream stream = archive.CreateEntry(name).Open();
            stream.Write(bytes);
        }
    }
}
