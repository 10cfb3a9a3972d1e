using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>ComplEx: Re Σ h r t̄ over complex numbers, which is an inner product of h r with t, and of t r̄ with h.</summary>
internal sealed class ComplExFunction : KgeFunction
{
    /// <inheritdoc/>
    public override VectorComparison Comparison => VectorComparison.Product;

    /// <inheritdoc/>
    public override int EntityWidth(int dimension) => 2 * dimension;

    /// <inheritdoc/>
    public override int RelationWidth(int dimension) => 2 * dimension;

    /// <inheritdoc/>
    public override Tensor TailQueries(Tensor heads, Tensor relations, long[] ids) =>
        ComplexNumbers.Product(ComplexNumbers.Parts(heads), ComplexNumbers.Parts(Rows(relations, ids)));

    /// <inheritdoc/>
    public override Tensor HeadQueries(Tensor tails, Tensor relations, long[] ids) =>
        ComplexNumbers.ProductWithConjugate(ComplexNumbers.Parts(tails), ComplexNumbers.Parts(Rows(relations, ids)));

    /// <inheritdoc/>
    public override Tensor EntitySquares(Tensor rows) => ComplexNumbers.SquaredModuli(rows);
}
