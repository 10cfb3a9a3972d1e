using System.Collections.Concurrent;

namespace Microsoft.ML.Gmt;

/// <summary>
/// A base model's files out of a model archive, in a temporary folder that is removed with this object, or at the latest with the process.
/// </summary>
/// <remarks>
/// The files stay open, so their content outlasts them: where something empties the temporary folder, they are written again when they are
/// needed. What a process leaves that was killed, the next one removes (<see cref="AbandonedFolders"/>).
/// </remarks>
internal sealed class ExtractedBaseModel : IDisposable
{
    // Finalizers do not run when a process ends, and a prediction service rarely disposes its model.
    private static readonly ConcurrentDictionary<string, bool> s_folders = new();

    private readonly Lock _restoring = new();
    private readonly string _folder;
    private readonly Dictionary<string, FileStream> _files = [];
    private FileStream _mark;

    static ExtractedBaseModel() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (string folder in s_folders.Keys)
        {
            Remove(folder);
        }
    };

    /// <param name="temporary">Where the folder is made, which has to be one for temporary files.</param>
    public ExtractedBaseModel(string temporary)
    {
        AbandonedFolders.Sweep(temporary);
        _folder = Path.Combine(temporary, $"{AbandonedFolders.Prefix}{Guid.NewGuid():n}");
        _mark = AbandonedFolders.Make(_folder);
        s_folders.TryAdd(_folder, true);
    }

    /// <summary>Removes the folder where nobody did.</summary>
    ~ExtractedBaseModel() => Remove(_folder);

    /// <summary>The folder, with all the files in it.</summary>
    public string Folder
    {
        get
        {
            lock (_restoring)
            {
                Restore();
            }

            return _folder;
        }
    }

    /// <summary>Adds a file.</summary>
    /// <param name="name">Its name inside the folder, with slashes.</param>
    /// <param name="content">What it holds.</param>
    public void Add(string name, Stream content)
    {
        string path = PathOf(name);
        Write(path, content);
        _files.Add(name, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
    }

    public void Dispose()
    {
        foreach (FileStream file in _files.Values)
        {
            file.Dispose();
        }

        _mark.Dispose();
        Remove(_folder);
        GC.SuppressFinalize(this);
    }

    private string PathOf(string name) => Path.Combine([_folder, .. name.Split('/')]);

    private void Restore()
    {
        if (!Directory.Exists(_folder))
        {
            _mark.Dispose();
            _mark = AbandonedFolders.Make(_folder);
        }

        foreach ((string name, FileStream file) in _files)
        {
            var there = new FileInfo(PathOf(name));
            if (!there.Exists || there.Length != file.Length)
            {
                file.Position = 0;
                Write(there.FullName, file);
            }
        }
    }

    private static void Write(string path, Stream content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using FileStream file = File.Create(path);
        content.CopyTo(file);
    }

    private static void Remove(string folder)
    {
        s_folders.TryRemove(folder, out _);
        AbandonedFolders.Remove(folder);
    }
}
