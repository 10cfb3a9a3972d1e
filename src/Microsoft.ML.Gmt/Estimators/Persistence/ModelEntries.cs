using System.IO.Compression;
using System.Text;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>
/// One transformer's files in a model archive that is being loaded: each is compared with the hash that was saved with it.
/// </summary>
internal sealed class ModelEntries
{
    private const long LongestManifest = 16 << 20;

    // A file that is a little longer than the one that was saved is read, and then refused with what was wrong with it.
    private const long Surplus = 1 << 20;

    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly ZipArchive _archive;
    private readonly string _folder;
    private readonly Manifest? _manifest;

    /// <param name="environment">Hears a warning where an earlier version saved no hashes.</param>
    /// <param name="archive">The archive.</param>
    /// <param name="folder">The transformer's folder in it.</param>
    /// <param name="version">The version of the transformer's files.</param>
    /// <exception cref="GmtFileException">The archive is damaged.</exception>
    public ModelEntries(IHostEnvironment environment, ZipArchive archive, string? folder, uint version)
        : this(archive, (folder ?? "").Replace('\\', '/'))
    {
        if (version >= ModelFormat.WithManifest)
        {
            _manifest = ReadManifest();
        }
        else if (_entries.ContainsKey(ModelFiles.Manifest))
        {
            throw Fault(
                ModelFiles.Manifest, $"there is a list of hashes, which version 0x{version:x8} of this model had not; it is damaged.");
        }
        else
        {
            using IChannel channel = environment.Start("Model archive");
            channel.Warning(
                MessageSensitivity.None,
                $"'{_folder}' was saved by an earlier version, without hashes of its files: damage may go unnoticed. "
                + "Save the model again.");
        }

        CheckWhatIsNotRead(archive);
    }

    private ModelEntries(ZipArchive archive, string folder)
    {
        (_archive, _folder) = (archive, folder);
        foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => ArchiveEntry.FolderOf(entry) == _folder))
        {
            if (!_entries.TryAdd(entry.Name, entry))
            {
                throw Fault(entry.Name, "the archive has two entries of this name; it is damaged, or was written by something else.");
            }
        }
    }

    private ModelEntries(ModelEntries other, string folder) : this(other._archive, folder) => _manifest = ReadManifest();

    /// <summary>The transformer's folder, with slashes.</summary>
    public string Folder => _folder;

    /// <summary>The graphs of the archive that were read so far.</summary>
    public SharedGraphs Graphs => SharedGraphs.Of(_archive);

    /// <summary>The hashes of the files by name; none where an earlier version saved the model.</summary>
    public IReadOnlyDictionary<string, ContentHash> Hashes => _manifest?.Parts ?? new Dictionary<string, ContentHash>();

    /// <summary>Whether the transformer has a file.</summary>
    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The files of another transformer of the same archive, with its hashes; null where there is none.</summary>
    /// <exception cref="GmtFileException">Its list of hashes is damaged.</exception>
    public ModelEntries? Of(string folder) =>
        _archive.Entries.Any(entry => entry.Name == ModelFiles.Manifest && ArchiveEntry.FolderOf(entry) == folder)
            ? new ModelEntries(this, folder) : null;

    /// <summary>Reads an entry, which is unpacked on the way.</summary>
    /// <param name="name">The entry.</param>
    /// <param name="read">Makes something of it; what is made is disposed where the entry turns out to be damaged.</param>
    /// <param name="longest">The most bytes that are plausible.</param>
    /// <exception cref="GmtFileException">The archive lacks the entry, or the entry is not the one that was saved.</exception>
    public T Read<T>(string name, Func<Stream, T> read, long longest = long.MaxValue)
    {
        if (!_entries.TryGetValue(name, out ZipArchiveEntry? entry))
        {
            throw Fault(name, "the model lacks this file; it is damaged, or was written by something else.");
        }

        long listed = Hashes.TryGetValue(name, out ContentHash saved) ? saved.Length : long.MaxValue - Surplus;
        ArchiveEntry.CheckSize(entry, Place(name), Math.Min(longest, listed + Surplus));
        using Stream unpacked = ArchiveEntry.Open(entry, Place(name));
        using var hashing = new HashingStream(unpacked);
        T value;
        try
        {
            value = read(hashing);
        }
        catch (Exception e)
        {
            Check(name, hashing, e); // damage is the reason that is worth telling
            throw;
        }

        try
        {
            Check(name, hashing, cause: null);
            return value;
        }
        catch
        {
            (value as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>A fault in an entry.</summary>
    /// <param name="name">The entry.</param>
    /// <param name="problem">What is wrong, as a sentence without the place.</param>
    /// <param name="cause">The cause, if another exception led here.</param>
    public GmtFileException Fault(string name, string problem, Exception? cause = null) =>
        new(Place(name), null, problem, innerException: cause);

    private Manifest ReadManifest() =>
        Read(ModelFiles.Manifest, stream => Manifest.Parse(ReadText(stream), Place(ModelFiles.Manifest)), LongestManifest);

    /// <summary>What is left of a stream, as text.</summary>
    internal static string ReadText(Stream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        return reader.ReadToEnd();
    }

    private string Place(string name) => _folder.Length == 0 ? name : $"{_folder}/{name}";

    private void Check(string name, HashingStream hashing, Exception? cause)
    {
        if (cause is null || !ArchiveEntry.IsDamage(cause))
        {
            try
            {
                hashing.CopyTo(Stream.Null);
            }
            catch (Exception e) when (ArchiveEntry.IsDamage(e))
            {
                cause = e;
            }
        }

        if (cause is not null && ArchiveEntry.IsDamage(cause))
        {
            throw ArchiveEntry.Damaged(Place(name), cause);
        }

        if (name != ModelFiles.Manifest)
        {
            _manifest?.Check(name, hashing.Finish(), Place(name), cause);
        }
    }

    /// <summary>
    /// What this transformer does not read, ML.NET reads without comparing the archive's checksums: they are compared here. What other
    /// transformers with a list of hashes have in their folders is theirs; what nobody has is left to the first of them.
    /// </summary>
    private void CheckWhatIsNotRead(ZipArchive archive)
    {
        if (Hashes.Keys.FirstOrDefault(name => !_entries.ContainsKey(name)) is { } missing)
        {
            throw Fault(missing, "the model lacks this file, which was saved with it; it is damaged.");
        }

        HashSet<string> folders = [.. archive.Entries.Where(entry => entry.Name == ModelFiles.Manifest).Select(ArchiveEntry.FolderOf)];
        bool isFirst = folders.All(folder => string.CompareOrdinal(_folder, folder) <= 0);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            string folder = ArchiveEntry.FolderOf(entry);
            bool isOwn = folder == _folder;
            if (isOwn ? entry.Name != ModelFiles.Manifest && !Hashes.ContainsKey(entry.Name) : isFirst && !folders.Contains(folder))
            {
                ArchiveEntry.CheckChecksum(entry);
            }
        }
    }
}
