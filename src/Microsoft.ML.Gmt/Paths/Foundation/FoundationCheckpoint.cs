using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>Reads checkpoints of ULTRA's architecture as data: those of its authors, and safetensors files with the same names.</summary>
internal static class FoundationCheckpoint
{
    private const string ModelKey = "model";

    /// <summary>Reads a file.</summary>
    /// <param name="path">
    /// A <c>.pth</c> file of <c>torch.save({"model": …, "optimizer": …})</c>, of which only the model is read; or a <c>.safetensors</c>
    /// file.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">The file is malformed, is of another architecture, or a weight is not finite.</exception>
    public static FoundationModel Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PathTensors tensors = path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) ? ReadSafetensors(path) : ReadTorch(path);
        return FoundationModel.Of(tensors, PathModelOrigin.Of(Path.GetFileName(path), Hash(path)));
    }

    private static PathTensors ReadTorch(string path)
    {
        using TorchDocument document = TorchDocument.Open(path);
        OrderedDictionary<string, PickledTensor> model = document.StateDict(ModelKey);
        return PathTensors.Copy(
            path, model.Keys, name => document.Info(name, model[name]), name => document.Tensor(model[name]));
    }

    private static PathTensors ReadSafetensors(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return PathTensors.Copy(path, file.Names, file.Info, file.Get);
    }

    private static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return ContentHash.Of(stream).Sha256;
    }
}
