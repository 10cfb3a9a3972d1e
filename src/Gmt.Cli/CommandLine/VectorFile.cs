using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Writes matrices by name: a safetensors file or a dictionary of torch.save, by the file's ending.</summary>
internal static class VectorFile
{
    /// <summary>Refuses a name that cannot be written, or whose ending says neither, before long work starts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="anyEnding">Whether any other ending means torch.save, as in Python.</param>
    /// <exception cref="UsageError">The ending says neither.</exception>
    /// <exception cref="CommandFailure">There is no name, or a folder has it.</exception>
    public static void Check(string path, bool anyEnding = false)
    {
        if (path.Length == 0 || Directory.Exists(path))
        {
            throw new CommandFailure($"'{path}' is no name of a file to write");
        }

        if (!anyEnding && !WeightFileName.IsWeights(path))
        {
            throw new UsageError($"'{path}' must end with .safetensors, {string.Join(" or ", WeightFileName.OfTorch)}");
        }
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<KeyValuePair<string, Tensor>> matrices)
    {
        if (WeightFileName.IsSafetensors(path))
        {
            SafetensorsWriter.Write(path, matrices);
        }
        else
        {
            TorchFileWriter.Write(path, matrices.ToDictionary(pair => pair.Key, pair => (object?)pair.Value));
        }
    }
}
