using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>
/// Rewrites a file of named tensors in the other format, safetensors or torch.save. A dictionary within a dictionary is remembered by its
/// key.
/// </summary>
internal static class TensorConversion
{
    private const string KeyEntry = "key";

    /// <summary>Converts a file.</summary>
    public static void Convert(string source, string target)
    {
        using DisposeScope scope = NewDisposeScope();
        (IReadOnlyDictionary<string, Tensor> tensors, string? key) = WeightFileName.IsSafetensors(source)
            ? ReadSafetensors(source)
            : ReadTorch(source);
        if (WeightFileName.IsSafetensors(target))
        {
            Dictionary<string, string> metadata = new() { ["format"] = "pt" };
            if (key is not null)
            {
                metadata.Add(KeyEntry, key);
            }

            SafetensorsWriter.Write(target, tensors, metadata);
        }
        else
        {
            TorchFileWriter.WriteStateDict(target, tensors, key);
        }
    }

    private static (IReadOnlyDictionary<string, Tensor> Tensors, string? Key) ReadSafetensors(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        OrderedDictionary<string, Tensor> tensors = [];
        foreach (string name in file.Names)
        {
            tensors.Add(name, file.Get(name));
        }

        return (tensors, file.Metadata.GetValueOrDefault(KeyEntry));
    }

    private static (IReadOnlyDictionary<string, Tensor> Tensors, string? Key) ReadTorch(string path)
    {
        using TorchDocument document = TorchDocument.Open(path);
        bool isNested = document.Root is IReadOnlyDictionary<object, object?> { Count: 1 } root
            && root.Values.Single() is IReadOnlyDictionary<object, object?>;
        string? key = isNested ? ((IReadOnlyDictionary<object, object?>)document.Root!).Keys.Single() as string : null;
        return (TorchFile.LoadStateDict(path, key), key);
    }
}
