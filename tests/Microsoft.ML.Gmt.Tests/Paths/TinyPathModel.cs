using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>A checkpoint of ULTRA's architecture with random weights: 16 wide, two layers, three over entities.</summary>
internal static class TinyPathModel
{
    private const int Width = 16, Hidden = 32;

    /// <summary>The path of the file, once it is written.</summary>
    public static string Write(string path, Action<Dictionary<string, Tensor>>? change = null, string? key = "model")
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> tensors = Tensors();
        change?.Invoke(tensors);
        if (path.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            SafetensorsWriter.Write(path, tensors);
        }
        else
        {
            TorchFileWriter.WriteStateDict(path, tensors, key);
        }

        return path;
    }

    /// <summary>The model in memory.</summary>
    public static FoundationModel Model()
    {
        using var folder = new TemporaryFolder();
        return FoundationCheckpoint.Read(Write(folder["tiny.pth"]));
    }

    private static Dictionary<string, Tensor> Tensors()
    {
        var random = new Random(5);
        Dictionary<string, Tensor> tensors = [];
        for (int layer = 0; layer < 2; layer++)
        {
            Add($"relation_model.layers.{layer}.relation.weight", 4, Width);
            AddUpdate($"relation_model.layers.{layer}");
        }

        for (int layer = 0; layer < 3; layer++)
        {
            foreach (int part in (int[])[0, 2])
            {
                Add($"entity_model.layers.{layer}.relation_projection.{part}.weight", Width, Width);
                Add($"entity_model.layers.{layer}.relation_projection.{part}.bias", Width);
            }

            AddUpdate($"entity_model.layers.{layer}");
        }

        Add("entity_model.mlp.0.weight", Hidden, 2 * Width);
        Add("entity_model.mlp.0.bias", Hidden);
        Add("entity_model.mlp.2.weight", 1, Hidden);
        Add("entity_model.mlp.2.bias", 1);
        return tensors;

        void AddUpdate(string layer)
        {
            Add($"{layer}.linear.weight", Width, 2 * Width);
            Add($"{layer}.linear.bias", Width);
            Add($"{layer}.layer_norm.weight", Width);
            Add($"{layer}.layer_norm.bias", Width);
        }

        void Add(string name, params long[] shape) =>
            tensors.Add(name, tensor(PathNetworks.Numbers(random, (int)shape.Aggregate(1L, (a, b) => a * b), .5), shape));
    }
}
