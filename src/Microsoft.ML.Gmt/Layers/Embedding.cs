using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>One row of the matrix for each token id.</summary>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    public Embedding(ParameterSource source, string path, long vocabulary, long size)
        : base(nameof(Embedding))
    {
        _weight = source.Get($"{path}.weight", InitialValue.Normal, vocabulary, size);
        RegisterComponents();
    }

    /// <summary>[vocabulary, size].</summary>
    public Parameter Weight => _weight;

    /// <summary>[batch, query] int64 → [batch, query, size].</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return _weight.index_select(0, input.flatten()).view(input.size(0), input.size(1), -1).MoveToOuterDisposeScope();
    }
}
