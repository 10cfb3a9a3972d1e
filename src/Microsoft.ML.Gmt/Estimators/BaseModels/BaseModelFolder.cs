using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Where the files of a transformer's base model are: bound by the caller, out of the transformer's archive, or found by the reference.</summary>
/// <param name="reference">Which model it is.</param>
/// <param name="storage">Whether a saved transformer holds it.</param>
/// <param name="extracted">Its files out of an archive, taken over; null where there is none.</param>
internal sealed class BaseModelFolder(BaseModelReference reference, BaseModelStorage storage, ExtractedBaseModel? extracted = null) : IDisposable
{
    private const long LargestEmbedded = 256L << 20;

    private string? _bound;

    public BaseModelReference Reference => reference;

    /// <summary>Whether a saved transformer holds the model, as it is decided by its size where nothing else was.</summary>
    public BaseModelStorage Storage => storage != BaseModelStorage.Automatic ? storage
        : reference.ByteCount <= LargestEmbedded ? BaseModelStorage.Embedded : BaseModelStorage.Referenced;

    /// <summary>The folder with the model's files.</summary>
    /// <exception cref="DirectoryNotFoundException">It was not found; the message names all places, and how to bind it.</exception>
    public string Path => _bound ?? extracted?.Folder ?? BaseModelResolver.Find(reference);

    /// <summary>Takes the model from a folder from now on.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="GmtFileException">The folder holds another model.</exception>
    public void BindTo(string folder) => _bound = reference.IsIn(folder, out string difference)
        ? folder
        : throw new GmtFileException(folder, null, $"this is not the base model that the transformer was made with: {difference}.");

    public void Dispose() => extracted?.Dispose();
}
