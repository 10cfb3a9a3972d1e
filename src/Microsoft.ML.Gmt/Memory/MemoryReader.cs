using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Llm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// Lets the layers of a language model read the memory of a batch: its <see cref="Hook"/> goes into the model's passes. Keys and values of
/// the memory are computed once and serve every later pass, such as those of a generation.
/// </summary>
/// <remarks>Its tensors belong to the dispose scope in which it was made; use it within that scope only.</remarks>
internal sealed class MemoryReader
{
    private readonly IReadOnlyDictionary<int, MemoryLayer> _layers;
    private readonly Dictionary<int, (Tensor Keys, Tensor Values)> _remembered = [];
    private readonly SeededDropout? _dropout;

    public MemoryReader(IReadOnlyDictionary<int, MemoryLayer> layers, Tensor memory, SeededDropout? dropout)
    {
        _layers = layers;
        _dropout = dropout;
        foreach ((int layer, MemoryLayer reader) in layers)
        {
            _remembered.Add(layer, reader.Attention.Remember(memory, dropout));
        }
    }

    /// <summary>Adds what is read to the residual stream of the memory layers; other layers stay as they are.</summary>
    public AttentionHook Hook => Read;

    private Tensor Read(int layer, Tensor hidden, AttentionContext context)
    {
        if (!_layers.TryGetValue(layer, out MemoryLayer? reader))
        {
            return hidden;
        }

        using var scope = NewDisposeScope();
        (Tensor keys, Tensor values) = _remembered[layer];
        Tensor read = reader.Attention.Attend(reader.Norm.call(hidden), keys, values, _dropout); // [batch, query, hidden] fp32
        return hidden.add(read.mul(reader.Gate).to_type(hidden.dtype)).MoveToOuterDisposeScope();
    }
}
