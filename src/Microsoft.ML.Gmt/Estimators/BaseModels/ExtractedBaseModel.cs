using System.Collections.Concurrent;

namespace Microsoft.ML.Gmt;

/// <summary>A base model's files out of a model archive, in a temporary folder that is removed with this object, or at the latest with the process.</summary>
internal sealed class ExtractedBaseModel : IDisposable
{
    // Finalizers do not run when a process ends, and a prediction service rarely disposes its model.
    private static readonly ConcurrentDictionary<string, bool> s_folders = new();

    static ExtractedBaseModel() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (string folder in s_folders.Keys)
        {
            Remove(folder);
        }
    };

    public ExtractedBaseModel()
    {
        Folder = Directory.CreateTempSubdirectory("gmt-base-model-").FullName;
        s_folders.TryAdd(Folder, true);
    }

    /// <summary>Removes the folder where nobody did.</summary>
    ~ExtractedBaseModel() => Remove(Folder);

    public string Folder { get; }

    public void Dispose()
    {
        Remove(Folder);
        GC.SuppressFinalize(this);
    }

    private static void Remove(string folder)
    {
        s_folders.TryRemove(folder, out _);
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // Some systems keep mapped files; the system's own cleaning of temporary folders takes them later.
        }
        catch (UnauthorizedAccessException)
        {
        }
    }
}
