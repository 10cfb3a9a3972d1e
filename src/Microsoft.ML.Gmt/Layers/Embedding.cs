using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>One row of a matrix for each id.</summary>
internal sealed class Embedding : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    /// <param name="source">Gives the matrix.</param>
    /// <param name="path">Full name of the embedding.</param>
    /// <param name="rows">How many ids there are.</param>
    /// <param name="size">Width of a row.</param>
    public Embedding(ParameterSource source, string path, long rows, long size)
        : this(source.Get($"{path}.weight", source.Matrix(size), rows, size))
    {
    }

    /// <param name="weight">[rows, size]; taken over.</param>
    public Embedding(Parameter weight) : base(nameof(Embedding))
    {
        _weight = weight;
        RegisterComponents();
    }

    /// <summary>[rows, size].</summary>
    public Parameter Weight => _weight;

    /// <summary>[batch, query] int64 → [batch, query, size].</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return _weight.index_select(0, input.flatten()).view(input.size(0), input.size(1), -1).MoveToOuterDisposeScope();
    }
}
