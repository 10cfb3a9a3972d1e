using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>TransE: −‖h + r − t‖.</summary>
/// <param name="norm">The norm: 1 or 2.</param>
internal sealed class TransEFunction(int norm) : KgeFunction
{
    /// <inheritdoc/>
    public override VectorComparison Comparison => norm == 1 ? VectorComparison.Manhattan : VectorComparison.Euclidean;

    /// <inheritdoc/>
    public override InitialValue InitialEntity(double scale) => InitialValue.Uniform(scale);

    /// <inheritdoc/>
    public override Tensor TailQueries(Tensor heads, Tensor relations, long[] ids) => heads + Rows(relations, ids);

    /// <inheritdoc/>
    public override Tensor HeadQueries(Tensor tails, Tensor relations, long[] ids) => tails - Rows(relations, ids);
}
