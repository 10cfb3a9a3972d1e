using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt;

/// <summary>
/// Compares a saved model's settings with the shapes of its weights before anything is made of either. The base model, which is loaded
/// later, decides none of these sizes.
/// </summary>
internal static class GmtStoredShapes
{
    private const string Queries = "tokenizer.memory_queries";
    private const string FeatureLayer = "features.fc1.weight";
    private const string FirstLayer = "sgm.layers.";
    private const string LayerNorm = ".norm1.weight";
    private const string LowRank = ".lora_A.weight";
    private const string MemoryLayers = "model.layers.";
    private const string Gate = ".memory_gate";

    /// <exception cref="WeightFileException">They do not go together.</exception>
    public static void Check(GmtTransformerSettings settings, SafetensorsFile weights)
    {
        int width = settings.GraphModule.GraphDimension;
        Expect(weights, Queries, [settings.Memory.MemoryTokens, width], "memoryTokens and graphDimension");
        if (settings.Features is { } features)
        {
            Expect(weights, FeatureLayer, [features.Memory.HiddenWidth, features.Scaling.InputWidth], "features and hiddenWidth");
        }

        string[] layers = Named(weights, FirstLayer, LayerNorm);
        if (layers.Length != settings.GraphModule.Layers)
        {
            throw new WeightFileException(
                weights.Path,
                $"there are {layers.Length} layers of the graph module; the setting 'layers' says {settings.GraphModule.Layers}.");
        }

        foreach (string layer in layers)
        {
            Expect(weights, layer, [width], "graphDimension");
        }

        foreach (string factor in weights.Names.Where(name => name.EndsWith(LowRank, StringComparison.Ordinal)))
        {
            if (weights.Info(factor).Shape is not [var rank, _] || rank != settings.Memory.Lora.Rank)
            {
                throw Differs(weights, factor, $"[{settings.Memory.Lora.Rank}, inputs]", "rank");
            }
        }

        if (settings.Memory.MemoryLayers is { } named
            && !named.Select(layer => $"{MemoryLayers}{layer}{Gate}").Order(StringComparer.Ordinal)
                .SequenceEqual(Named(weights, MemoryLayers, Gate)))
        {
            throw new WeightFileException(
                weights.Path, $"the setting 'memoryLayers' names [{string.Join(", ", named.Take(20))}]; the weights are of other layers.");
        }
    }

    private static string[] Named(SafetensorsFile weights, string start, string end) =>
    [
        .. weights.Names.Where(name => name.StartsWith(start, StringComparison.Ordinal) && name.EndsWith(end, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private static void Expect(SafetensorsFile weights, string name, long[] shape, string settings)
    {
        if (!weights.Contains(name) || !weights.Info(name).Shape.SequenceEqual(shape))
        {
            throw Differs(weights, name, $"[{string.Join(", ", shape)}]", settings);
        }
    }

    private static WeightFileException Differs(SafetensorsFile weights, string name, string shape, string settings)
    {
        string found = weights.Contains(name) ? $"[{string.Join(", ", weights.Info(name).Shape)}]" : "none";
        return new WeightFileException(weights.Path, $"the settings {settings} ask for {shape}; the file has {found}.", name);
    }
}
