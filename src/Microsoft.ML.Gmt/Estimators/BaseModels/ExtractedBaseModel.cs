namespace Microsoft.ML.Gmt;

/// <summary>A base model's files out of a model archive, in a temporary folder that is removed with this object.</summary>
internal sealed class ExtractedBaseModel : IDisposable
{
    public ExtractedBaseModel() => Folder = Directory.CreateTempSubdirectory("gmt-base-model-").FullName;

    /// <summary>Removes the folder where nobody did.</summary>
    ~ExtractedBaseModel() => Remove();

    public string Folder { get; }

    public void Dispose()
    {
        Remove();
        GC.SuppressFinalize(this);
    }

    private void Remove()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
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
