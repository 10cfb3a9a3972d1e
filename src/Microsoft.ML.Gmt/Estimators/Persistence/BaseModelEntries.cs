using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>The files of a base model in a model archive.</summary>
internal static class BaseModelEntries
{
    private const string Prefix = "base-";

    /// <summary>Writes the model's files where a saved transformer holds them.</summary>
    public static void Write(ModelSaveContext context, BaseModelFolder model)
    {
        if (model.Storage != BaseModelStorage.Embedded)
        {
            return;
        }

        string folder = model.Path;
        foreach (string name in model.Reference.Files.Keys)
        {
            MlNetInternals.WriteEntry(context, Entry(name), stream =>
            {
                using FileStream file = File.OpenRead(Path.Combine(folder, name));
                file.CopyTo(stream);
            });
        }
    }

    /// <summary>Unpacks the model's files where the archive has them; the caller disposes them.</summary>
    /// <exception cref="GmtFileException">A file is missing, or has not the name, size or content that is recorded.</exception>
    public static BaseModelFolder Read(ModelEntries entries, BaseModelReference reference, BaseModelStorage storage)
    {
        if (storage != BaseModelStorage.Embedded)
        {
            return new BaseModelFolder(reference, storage);
        }

        var extracted = new ExtractedBaseModel();
        try
        {
            foreach (string name in reference.Files.Keys)
            {
                string path = PathWithin(extracted.Folder, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                entries.Read(Entry(name), stream =>
                {
                    using FileStream file = File.Create(path);
                    stream.CopyTo(file);
                    return true;
                });
            }

            return reference.IsIn(extracted.Folder, out string difference)
                ? new BaseModelFolder(reference, storage, extracted)
                : throw new GmtFileException($"The base model in the archive is not the one that was saved: {difference}. The archive is damaged.");
        }
        catch
        {
            extracted.Dispose();
            throw;
        }
    }

    // An entry has no folder of its own.
    private static string Entry(string name) => Prefix + name.Replace('/', '-');

    // A name comes from the archive: it must not lead out of the folder.
    private static string PathWithin(string folder, string name)
    {
        string[] parts = name.Split('/');
        return parts.Length <= 2 && parts.All(part => part is not ("" or "." or "..") && Path.GetFileName(part) == part)
            ? Path.Combine([folder, .. parts])
            : throw new GmtFileException($"The archive has a base model with a file '{name}', which is no name inside a folder. The archive is damaged.");
    }
}
