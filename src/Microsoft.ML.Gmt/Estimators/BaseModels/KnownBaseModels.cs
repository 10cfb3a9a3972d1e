using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>
/// What one user's programs know of base models on this machine, from one run to the next: the hashes of their files, each with the size
/// and time that the file had, and the folders where a model was. An archive then need not say where its base model is, nor a load read
/// it whole.
/// </summary>
/// <remarks>
/// Small text files below <c>base-models</c> in the user's cache folder, <c>GMT_CACHE</c>, else <c>$XDG_CACHE_HOME/gmt</c>, else
/// <c>~/.cache/gmt</c>. Where they are missing, malformed, cannot be written, or could be changed by another user, files are hashed
/// again and folders are looked for elsewhere. Many threads and processes may use them at once.
/// </remarks>
/// <param name="cache">The cache folder; null keeps what is known to this process.</param>
/// <param name="clock">Tells how long ago a file was changed.</param>
internal sealed class KnownBaseModels(string? cache, TimeProvider clock)
{
    private const int MostFolders = 8;
    private const long LongestRecord = 1 << 16;

    private readonly ConcurrentDictionary<string, string[]> _records = new();

    /// <summary>Those of the user whose process this is.</summary>
    public static KnownBaseModels Default { get; } = new(UserCache.Folder, TimeProvider.System);

    /// <summary>
    /// SHA-256 of a file, lower-case hexadecimal; read from the file unless it was hashed with this size and time before.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public string HashOf(string file) => Known(file) ?? HashAnew(Path.GetFullPath(file));

    /// <summary>Whether a file has a hash. Before it is said to have another, it is read.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public bool HasHash(string file, string hash) => Known(file) == hash || HashAnew(Path.GetFullPath(file)) == hash;

    /// <summary>Where a model was under its folder's name, the last place first; it need not be there any more.</summary>
    public IReadOnlyList<string> FoldersOf(BaseModelReference model) => Record("folders", KeyOf(model)) ?? [];

    /// <summary>Remembers where a model is.</summary>
    public void Remember(BaseModelReference model, string folder)
    {
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (path.AsSpan().IndexOfAny('\r', '\n') < 0 && FoldersOf(model) is var known && (known.Count == 0 || known[0] != path))
        {
            Write("folders", KeyOf(model), [path, .. known.Where(other => other != path).Take(MostFolders - 1)]);
        }
    }

    private static string KeyOf(BaseModelReference model) => $"{model.HeaderHash} {model.FolderName}";

    private static string[] Lines(FileStamp stamp) =>
        [stamp.Length.ToString(CultureInfo.InvariantCulture), stamp.Modified.Ticks.ToString(CultureInfo.InvariantCulture)];

    /// <summary>The hash that a file of this size and time had; null where it was not hashed so.</summary>
    private string? Known(string file)
    {
        FileStamp stamp = FileStamp.Of(file);
        string path = Path.GetFullPath(file);
        return Record("hash", path) is [_, _, var hash, var recorded] known
            && recorded == path && known.AsSpan(0, 2).SequenceEqual(Lines(stamp))
            ? hash
            : null;
    }

    private string HashAnew(string path)
    {
        FileStamp before = FileStamp.Of(path);
        string hash;
        using (FileStream stream = File.OpenRead(path))
        {
            hash = ContentHash.Of(stream).Sha256;
        }

        if (before.IsSettled(clock) && FileStamp.Of(path) == before && path.AsSpan().IndexOfAny('\r', '\n') < 0)
        {
            Write("hash", path, [.. Lines(before), hash, path]);
        }

        return hash;
    }

    private string[]? Record(string kind, string key)
    {
        string name = NameOf(kind, key);
        if (_records.TryGetValue(name, out string[]? known))
        {
            return known;
        }

        try
        {
            return cache is not null && new FileInfo(FileOf(cache, name)) is { Exists: true, Length: <= LongestRecord } file
                && UserCache.Objection(file.FullName) is null ? File.ReadAllLines(file.FullName) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Write(string kind, string key, string[] lines)
    {
        string name = NameOf(kind, key);
        _records[name] = lines;
        if (cache is null || UserCache.Objection(FileOf(cache, name)) is not null)
        {
            return;
        }

        try
        {
            AtomicFile.Write(FileOf(cache, name), stream => stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then this process alone knows.
        }
    }

    private static string NameOf(string kind, string key) => $"{kind}-{ContentHash.Of(Encoding.UTF8.GetBytes(key)).Sha256[..32]}.txt";

    private static string FileOf(string cache, string name) => Path.Combine(cache, "base-models", name);
}
