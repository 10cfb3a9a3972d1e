using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>Reads <c>*.index.json</c>: which file of a sharded checkpoint holds which tensor.</summary>
internal static class ShardedIndex
{
    /// <summary>Tensor name to file name. File names are plain names: an index never leads out of its own folder.</summary>
    /// <exception cref="WeightFileException">It is no such index.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        try
        {
            return Files(path);
        }
        catch (GmtFileException error) when (error is not WeightFileException)
        {
            throw new WeightFileException($"{error.Message} An index of weight files has an object 'weight_map' of strings.", error);
        }
    }

    private static Dictionary<string, string> Files(string path)
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        JsonPart map = JsonPart.ReadObject(path)["weight_map"];
        if (!map.IsObject)
        {
            throw map.Fault("expected an object of tensor names and file names.");
        }

        foreach ((string tensor, JsonPart entry) in map.Properties())
        {
            string file = entry.Text();
            if (!FileNames.IsPlain(file))
            {
                throw new WeightFileException(
                    path, $"'{GmtFileException.Shorten(file)}' is not the name of a file in the same folder.", tensor);
            }

            if (!files.TryAdd(tensor, file))
            {
                throw new WeightFileException(path, "the name occurs twice in weight_map.", tensor);
            }
        }

        return files;
    }
}
