using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>How a path model's weights are kept in an archive: under the names of a checkpoint, or of a trained model's parts.</summary>
internal static class SavedPathModel
{
    /// <summary>Writes them.</summary>
    public static void Write(ModelEntryWriter entries, PathModel model)
    {
        using var scope = NewDisposeScope();
        ModelFiles.WriteWeights(entries, model.Tensors.Select(pair => KeyValuePair.Create(
            pair.Key, tensor(pair.Value.Values, [.. pair.Value.Shape.Select(size => (long)size)], device: CPU))));
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="WeightFileException">They do not fit the architecture.</exception>
    public static PathModel Read(ModelEntries entries, PathScoringSettings settings, KnowledgeGraph graph)
    {
        using SafetensorsFile weights = ModelFiles.ReadWeights(entries);
        if (settings.Shape is not { } shape)
        {
            return FoundationModel.Of(PathTensors.Copy(weights.Path, weights.Names, weights.Info, weights.Get), settings.Origin());
        }

        if (shape.Relations != graph.Relations.Count)
        {
            throw new WeightFileException(
                weights.Path, $"the weights are for {shape.Relations} relations, the archive's graph has {graph.Relations.Count}.");
        }

        PathTensors tensors = PathTensors.Copy(weights.Path, weights.Names, weights.Info, weights.Get, shape.ParameterCount);
        return TrainedPathModel.Of(tensors, shape, settings.Origin());
    }
}
