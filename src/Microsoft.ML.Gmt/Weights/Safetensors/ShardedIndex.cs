using System.Text.Json;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>Reads <c>*.index.json</c>: which file of a sharded checkpoint holds which tensor.</summary>
internal static class ShardedIndex
{
    /// <summary>Tensor name to file name. File names are plain names: an index never leads out of its own folder.</summary>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { MaxDepth = 16 });
            foreach (JsonProperty entry in document.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                string file = entry.Value.GetString() ?? "";
                if (file.Length == 0 || file is "." or ".." || file.AsSpan().IndexOfAny('/', '\\', ':') >= 0)
                {
                    throw new WeightFileException(path, $"'{file}' is not the name of a file in the same folder.", entry.Name);
                }

                if (!files.TryAdd(entry.Name, file))
                {
                    throw new WeightFileException(path, "the name occurs twice in weight_map.", entry.Name);
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new WeightFileException(path, $"not an index of weight files, which has an object 'weight_map' of strings: {error.Message}", innerException: error);
        }

        return files;
    }
}
