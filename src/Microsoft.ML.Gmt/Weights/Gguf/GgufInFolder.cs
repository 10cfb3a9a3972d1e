using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>Finds the GGUF file that is a folder's model.</summary>
internal static class GgufInFolder
{
    /// <summary>How such a file's name ends.</summary>
    public const string Ending = ".gguf";

    private const string Config = "config.json";

    /// <summary>The file; null where the folder has none, or a <c>config.json</c>, beside which other files are the model.</summary>
    /// <exception cref="GmtFileException">There are several.</exception>
    public static string? Find(string folder)
    {
        if (!Directory.Exists(folder) || File.Exists(Path.Combine(folder, Config)))
        {
            return null;
        }

        string[] files = [.. Directory.EnumerateFiles(folder, "*" + Ending).Order(StringComparer.Ordinal)];
        return files.Length <= 1 ? files.FirstOrDefault() : throw new GmtFileException(
            folder, null, $"there are {files.Length} GGUF files: {string.Join(", ", files.Take(5).Select(Path.GetFileName))}.",
            "Give a folder with the one that is meant.");
    }
}
