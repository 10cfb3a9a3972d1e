using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>What is made of a base model when it is first used, or when the caller binds it. Any number of threads may use it.</summary>
/// <typeparam name="T">What is made of it.</typeparam>
/// <param name="folder">Where the base model's files are; taken over.</param>
/// <param name="load">Makes it of the folder's files.</param>
/// <param name="bound">What is made already, taken over; null for nothing yet.</param>
internal sealed class BaseModelBinding<T>(BaseModelFolder folder, Func<string, T> load, T? bound = null) : IDisposable
    where T : class, IDisposable
{
    private readonly Lock _loading = new();
    private T? _bound = bound;

    /// <summary>Where the base model's files are.</summary>
    public BaseModelFolder Folder => folder;

    /// <summary>What is made already, or null.</summary>
    public T? Bound => Volatile.Read(ref _bound);

    /// <summary>What is made of the base model, which is loaded on first use.</summary>
    /// <exception cref="DirectoryNotFoundException">The base model was not found.</exception>
    public T Get()
    {
        if (Bound is { } made)
        {
            return made;
        }

        lock (_loading)
        {
            return Load();
        }
    }

    /// <summary>Loads the base model from a folder, where it is not loaded already.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="GmtFileException">The folder holds another model.</exception>
    public void BindTo(string path)
    {
        lock (_loading)
        {
            folder.BindTo(path);
            Load();
        }
    }

    public void Dispose()
    {
        _bound?.Dispose();
        folder.Dispose();
    }

    private T Load()
    {
        if (_bound is null)
        {
            Volatile.Write(ref _bound, load(folder.Path));
        }

        return _bound;
    }
}
