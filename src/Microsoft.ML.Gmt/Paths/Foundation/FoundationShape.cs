using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>How wide and deep a <see cref="FoundationModel"/> is: 64, 128, 6 and 6 in ULTRA's checkpoints.</summary>
/// <param name="Width">d, the width of states.</param>
/// <param name="HiddenWidth">h, the width of the readout's hidden layer.</param>
/// <param name="RelationLayers">How many layers the relation network has.</param>
/// <param name="EntityLayers">How many layers the entity network has.</param>
internal sealed record FoundationShape(int Width, int HiddenWidth, int RelationLayers, int EntityLayers)
{
    private const int WidestState = 1024;
    private const int MostLayers = 64;
    private const int WidthStep = 16;   // the kernels' lanes

    private const string Remedy = "Give a checkpoint of ULTRA's architecture, such as ultra_50g.pth.";

    /// <summary>The shape of some weights, each of which is checked.</summary>
    /// <exception cref="WeightFileException">A weight is missing, is not expected or has another shape.</exception>
    public static FoundationShape Of(PathTensors tensors)
    {
        const string First = "relation_model.layers.0.relation.weight", Hidden = "entity_model.mlp.0.bias";
        int width = Size(tensors, First, dimension: 1), hidden = Size(tensors, Hidden, dimension: 0);
        if (width % WidthStep != 0 || width is 0 or > WidestState || hidden % WidthStep != 0 || hidden is 0 or > 2 * WidestState)
        {
            throw new WeightFileException(
                tensors.Source,
                $"states of {width} and hidden layers of {hidden} numbers are not supported: multiples of {WidthStep} up to {WidestState} "
                + $"and {2 * WidestState} are.", First, remedy: Remedy);
        }

        var shape = new FoundationShape(width, hidden, Layers(tensors, "relation_model"), Layers(tensors, "entity_model"));
        shape.Check(tensors);
        return shape;
    }

    private static int Layers(PathTensors tensors, string network)
    {
        int count = 0;
        while (count < MostLayers && tensors.All.ContainsKey($"{network}.layers.{count}.linear.weight"))
        {
            count++;
        }

        return Math.Max(count, 1);
    }

    private static int Size(PathTensors tensors, string name, int dimension) =>
        !tensors.All.TryGetValue(name, out PathTensor? tensor) ? throw Missing(tensors, name)
        : tensor.Shape.Count > dimension ? tensor.Shape[dimension]
        : throw new WeightFileException(
            tensors.Source, $"its shape is [{string.Join(", ", tensor.Shape)}], which has too few dimensions.", name, remedy: Remedy);

    private static WeightFileException Missing(PathTensors tensors, string name)
    {
        string present = string.Join(", ", tensors.All.Keys.Take(4).Select(key => $"'{key}'"));
        return new WeightFileException(
            tensors.Source, $"the file lacks this tensor; it has {(present.Length == 0 ? "none" : present)}.", name, remedy: Remedy);
    }

    private void Check(PathTensors tensors)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach ((string name, int[] shape) in Expected())
        {
            known.Add(name);
            if (!tensors.All.TryGetValue(name, out PathTensor? tensor))
            {
                throw Missing(tensors, name);
            }

            if (!tensor.Shape.SequenceEqual(shape))
            {
                throw new WeightFileException(
                    tensors.Source,
                    $"its shape is [{string.Join(", ", tensor.Shape)}], where [{string.Join(", ", shape)}] is expected.", name,
                    remedy: Remedy);
            }
        }

        if (tensors.All.Keys.FirstOrDefault(name => !known.Contains(name)) is { } other)
        {
            throw new WeightFileException(
                tensors.Source, "the architecture has no such tensor, so what the model computes is not known.", other, remedy: Remedy);
        }
    }

    private IEnumerable<(string Name, int[] Shape)> Expected()
    {
        for (int layer = 0; layer < RelationLayers; layer++)
        {
            yield return ($"relation_model.layers.{layer}.relation.weight", [RelationGraph.LabelCount, Width]);
            foreach ((string, int[]) tensor in Update($"relation_model.layers.{layer}"))
            {
                yield return tensor;
            }
        }

        for (int layer = 0; layer < EntityLayers; layer++)
        {
            string name = $"entity_model.layers.{layer}";
            foreach (int part in (int[])[0, 2])
            {
                yield return ($"{name}.relation_projection.{part}.weight", [Width, Width]);
                yield return ($"{name}.relation_projection.{part}.bias", [Width]);
            }

            foreach ((string, int[]) tensor in Update(name))
            {
                yield return tensor;
            }
        }

        yield return ("entity_model.mlp.0.weight", [HiddenWidth, 2 * Width]);
        yield return ("entity_model.mlp.0.bias", [HiddenWidth]);
        yield return ("entity_model.mlp.2.weight", [1, HiddenWidth]);
        yield return ("entity_model.mlp.2.bias", [1]);
    }

    private IEnumerable<(string Name, int[] Shape)> Update(string layer) =>
    [
        ($"{layer}.linear.weight", [Width, 2 * Width]), ($"{layer}.linear.bias", [Width]),
        ($"{layer}.layer_norm.weight", [Width]), ($"{layer}.layer_norm.bias", [Width]),
    ];
}
