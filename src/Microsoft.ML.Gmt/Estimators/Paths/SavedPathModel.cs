using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>How a path model's weights are kept in an archive: under the names that its checkpoints have.</summary>
internal static class SavedPathModel
{
    /// <summary>Writes them.</summary>
    public static void Write(ModelEntryWriter entries, FoundationModel model)
    {
        using var scope = NewDisposeScope();
        ModelFiles.WriteWeights(entries, model.Tensors.Select(pair => KeyValuePair.Create(
            pair.Key, tensor(pair.Value.Values, [.. pair.Value.Shape.Select(size => (long)size)], device: CPU))));
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="WeightFileException">They do not fit the architecture.</exception>
    public static FoundationModel Read(ModelEntries entries, PathModelOrigin origin)
    {
        using SafetensorsFile weights = ModelFiles.ReadWeights(entries);
        return FoundationModel.Of(PathTensors.Copy(weights.Path, weights.Names, weights.Info, weights.Get), origin);
    }
}
