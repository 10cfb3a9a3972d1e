using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>The shape of what joins graph and language model. The defaults are the reference's.</summary>
public sealed record MemoryOptions
{
    private const int DefaultLayerCount = 8;

    /// <summary>Memory tokens that the evidence of a triple is compressed into; 16.</summary>
    [OptionRange(1, 65_536)]
    public int MemoryTokens { get; init; } = 16;

    /// <summary>Attention heads of the graph-memory tokenizer; 4. The graph dimension must be a multiple of it.</summary>
    [OptionRange(1, 65_536)]
    public int MemoryHeads { get; init; } = 4;

    /// <summary>The decoder layers, from 0, that read the memory. Default (null): the top 8, or all where there are fewer.</summary>
    [OptionRange(0, 10_000)]
    public IReadOnlyList<int>? MemoryLayers { get; init; }

    /// <summary>The low-rank update of the cross-attention's projections.</summary>
    public LoraOptions Lora { get; init; } = new();

    /// <summary>The layers that read the memory in a model with so many layers, in ascending order.</summary>
    /// <param name="layerCount">Decoder layers of the model.</param>
    /// <exception cref="ArgumentException">A layer is named twice or is not in the model, or none is named.</exception>
    public IReadOnlyList<int> LayersIn(int layerCount)
    {
        if (MemoryLayers is null)
        {
            int first = Math.Max(layerCount - DefaultLayerCount, 0);
            return [.. Enumerable.Range(first, layerCount - first)];
        }

        int[] layers = [.. MemoryLayers.Order()];
        string all = string.Join(", ", MemoryLayers);
        if (layers.Length == 0)
        {
            throw new ArgumentException("No memory layer is named; name at least one, or leave the list null for the default.");
        }

        if (layers.Distinct().Count() < layers.Length)
        {
            throw new ArgumentException($"The memory layers {all} name one twice.");
        }

        if (layers[0] < 0 || layers[^1] >= layerCount)
        {
            throw new ArgumentException($"The memory layers {all} are not all in the model: it has {layerCount} layers, numbered from 0.");
        }

        return layers;
    }

    internal void Check(int graphDimension)
    {
        OptionRanges.Check(this);
        ArgumentNullException.ThrowIfNull(Lora);
        Lora.Check();
        if (graphDimension % MemoryHeads != 0)
        {
            throw new ArgumentException($"The graph dimension {graphDimension} is not a multiple of {MemoryHeads} memory heads.");
        }
    }
}
