using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>The files of a base model in a model archive.</summary>
internal static class BaseModelEntries
{
    private const string Prefix = "base-";

    /// <summary>Checks what an archive says of where the model is.</summary>
    /// <exception cref="ArgumentException">It says neither that it is there nor that it is not.</exception>
    public static void Check(BaseModelStorage storage)
    {
        if (storage is not (BaseModelStorage.Embedded or BaseModelStorage.Referenced))
        {
            throw new ArgumentOutOfRangeException(nameof(storage), storage, "A saved model is Embedded or Referenced.");
        }
    }

    /// <summary>Writes the model's files where a saved transformer holds them.</summary>
    public static void Write(ModelEntryWriter entries, BaseModelFolder model)
    {
        if (model.Storage != BaseModelStorage.Embedded)
        {
            return;
        }

        string folder = model.Path;
        foreach (string name in model.Reference.Files.Keys)
        {
            entries.Write(Entry(name), stream =>
            {
                using FileStream file = File.OpenRead(Path.Combine(folder, name));
                file.CopyTo(stream);
            });
        }
    }

    /// <summary>Unpacks the model's files where the archive has them; the caller disposes them.</summary>
    /// <param name="entries">The archive.</param>
    /// <param name="reference">Which model it is.</param>
    /// <param name="storage">Whether the archive has it.</param>
    /// <param name="temporary">The folder for temporary files.</param>
    /// <exception cref="GmtFileException">A file is missing, or has not the name, size or content that is recorded.</exception>
    public static BaseModelFolder Read(ModelEntries entries, BaseModelReference reference, BaseModelStorage storage, string temporary)
    {
        if (storage != BaseModelStorage.Embedded)
        {
            return new BaseModelFolder(reference, storage);
        }

        CheckNames(reference.Files);
        var extracted = new ExtractedBaseModel(temporary);
        try
        {
            foreach (string name in reference.Files.Keys)
            {
                entries.Read(Entry(name), stream =>
                {
                    extracted.Add(name, stream);
                    return true;
                }, reference.Files[name]);
            }

            return reference.IsIn(extracted.Folder, out string difference)
                ? new BaseModelFolder(reference with { Hashes = Hashes(entries, reference) }, storage, extracted)
                : throw new GmtFileException(
                    $"The base model in the archive is not the one that was saved: {difference}. The archive is damaged.");
        }
        catch
        {
            extracted.Dispose();
            throw;
        }
    }

    /// <summary>The files' hashes as the archive lists them, so that no other model can be bound in their place.</summary>
    private static Dictionary<string, string>? Hashes(ModelEntries entries, BaseModelReference reference) => entries.Hashes.Count == 0
        ? null
        : reference.Files.Keys.ToDictionary(name => name, name => entries.Hashes[Entry(name)].Sha256);

    // An entry has no folder of its own.
    private static string Entry(string name) => Prefix + name.Replace('/', '-');

    // Names come from the archive: they must not lead out of the folder, nor take the place of another file there.
    private static void CheckNames(IReadOnlyDictionary<string, long> files)
    {
        foreach (string name in files.Keys)
        {
            if (!BaseModelFiles.IsPart(name) || (name.Split('/') is [var folder, _] && files.ContainsKey(folder)))
            {
                throw new GmtFileException(
                    $"The archive has a base model with a file '{GmtFileException.Shorten(name)}', which is no name inside a folder of a "
                    + "model. The archive is damaged.");
            }
        }
    }
}
