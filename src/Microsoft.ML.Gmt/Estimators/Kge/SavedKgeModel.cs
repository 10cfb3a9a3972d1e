using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>How an embedding is kept among the weights of an archive: <c>entity_embeddings</c> and <c>relation_embeddings</c>.</summary>
internal static class SavedKgeModel
{
    public static IEnumerable<KeyValuePair<string, Tensor>> Weights(KgeModule module) =>
        module.named_parameters().Select(pair => KeyValuePair.Create<string, Tensor>(pair.name, pair.parameter));

    /// <exception cref="WeightFileException">The weights do not fit the shape or the graph.</exception>
    public static KgeModule Restore(KgeShape shape, KnowledgeGraph graph, SafetensorsFile weights)
    {
        using var scope = NewDisposeScope();
        return new KgeModule(shape, graph.Bounds, new FileParameters(weights));
    }

    /// <summary>Copies of a file's tensors, which outlive it.</summary>
    private sealed class FileParameters(SafetensorsFile file) : ParameterSource
    {
        public override Parameter Get(string name, InitialValue initial, params long[] shape)
        {
            Tensor stored = file.Contains(name)
                ? file.Get(name)
                : throw new WeightFileException(file.Path, $"the tensor is missing; it has {string.Join(", ", file.Names)}.", name);
            return stored.dtype == ScalarType.Float32 && stored.shape.SequenceEqual(shape)
                ? new Parameter(stored.clone(), requires_grad: false)
                : throw new WeightFileException(
                    file.Path,
                    $"model and graph ask for Float32 [{string.Join(", ", shape)}], the file has {stored.dtype} "
                    + $"[{string.Join(", ", stored.shape)}].",
                    name);
        }
    }
}
