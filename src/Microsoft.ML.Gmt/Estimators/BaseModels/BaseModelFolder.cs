using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>
/// Where the files of a transformer's base model are: bound by the caller, out of the transformer's archive, or found by the reference.
/// </summary>
/// <param name="reference">Which model it is.</param>
/// <param name="storage">Whether a saved transformer holds it.</param>
/// <param name="extracted">Its files out of an archive, taken over; null where there is none.</param>
internal sealed class BaseModelFolder(
    BaseModelReference reference, BaseModelStorage storage, ExtractedBaseModel? extracted = null) : IDisposable
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

    /// <summary>
    /// Where the model is to be found when this process has ended: files out of an archive are gone then, but the user's programs may
    /// know where they came from. Else the folder's name alone.
    /// </summary>
    public string LastingPath => _bound ?? BaseModelResolver.TryFind(reference) ?? reference.RecordedPath ?? reference.FolderName;

    /// <summary>
    /// What an archive says of the model: never where it is on this machine, and where the archive is without it, the hash of each file.
    /// </summary>
    /// <exception cref="GmtFileException">Its files were changed since it was loaded.</exception>
    /// <exception cref="IOException">Its files are gone.</exception>
    public BaseModelReference Recorded()
    {
        if (_bound is null && extracted is null)
        {
            reference.CheckUnchanged();
        }

        BaseModelReference recorded = reference with { Name = reference.FolderName, RecordedPath = null };
        string? folder = _bound ?? (extracted is not null ? null : reference.Folder ?? BaseModelResolver.TryFind(reference));
        if (folder is not null)
        {
            KnownBaseModels.Default.Remember(recorded, folder);
        }

        // A model that was loaded and not used need not be found to be saved again.
        return Storage == BaseModelStorage.Embedded ? recorded with { Hashes = null }
            : (folder ?? extracted?.Folder) is { } place ? recorded.WithHashes(place)
            : recorded;
    }

    /// <summary>Takes the model from a folder from now on.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="GmtFileException">The folder holds another model.</exception>
    public void BindTo(string folder)
    {
        _bound = reference.IsIn(folder, out string difference)
            ? folder
            : throw new GmtFileException(folder, null, $"this is not the base model that the transformer was made with: {difference}.");
        KnownBaseModels.Default.Remember(reference, folder);
    }

    public void Dispose() => extracted?.Dispose();
}
