using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>DistMult: Σ h r t.</summary>
internal sealed class DistMultFunction : KgeFunction
{
    /// <inheritdoc/>
    public override VectorComparison Comparison => VectorComparison.Product;

    /// <inheritdoc/>
    public override Tensor TailQueries(Tensor heads, Tensor relations, long[] ids) => heads * Rows(relations, ids);

    /// <inheritdoc/>
    public override Tensor HeadQueries(Tensor tails, Tensor relations, long[] ids) => tails * Rows(relations, ids);
}
