using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>The relation semantics of a module, under the parameter name of PyTorch's <c>nn.Embedding</c>.</summary>
public sealed class RelationTable : nn.Module
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    /// <param name="semantics">[relations, s]; copied as fp32.</param>
    /// <param name="trainable">Whether training changes them.</param>
    internal RelationTable(Tensor semantics, bool trainable) : base(nameof(RelationTable))
    {
        _weight = new Parameter(semantics.detach().to(ScalarType.Float32, copy: true), trainable);
        RegisterComponents();
    }

    /// <summary>[relations, s].</summary>
    public Parameter Weight => _weight;
}
