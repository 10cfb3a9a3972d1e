using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>
/// RotatE: −Σ |h r − t| over complex numbers, where r = cos θ + i sin θ; a relation's vector is its angles θ. As |r| is 1,
/// that is −Σ |h − t r̄| too.
/// </summary>
internal sealed class RotatEFunction : KgeFunction
{
    /// <inheritdoc/>
    public override VectorComparison Comparison => VectorComparison.Moduli;

    /// <inheritdoc/>
    public override int EntityWidth(int dimension) => 2 * dimension;

    /// <inheritdoc/>
    public override InitialValue InitialEntity(double scale) => InitialValue.Uniform(scale);

    /// <inheritdoc/>
    public override InitialValue InitialRelation(double scale) => InitialValue.Uniform(Math.PI);

    /// <inheritdoc/>
    public override Tensor TailQueries(Tensor heads, Tensor relations, long[] ids) =>
        ComplexNumbers.Product(ComplexNumbers.Parts(heads), Turn(relations, ids));

    /// <inheritdoc/>
    public override Tensor HeadQueries(Tensor tails, Tensor relations, long[] ids) =>
        ComplexNumbers.ProductWithConjugate(ComplexNumbers.Parts(tails), Turn(relations, ids));

    /// <inheritdoc/>
    public override Tensor EntitySquares(Tensor rows) => ComplexNumbers.SquaredModuli(rows);

    /// <inheritdoc/>
    public override Tensor? RelationSquares(Tensor rows) => null;

    private static (Tensor Real, Tensor Imaginary) Turn(Tensor relations, long[] ids)
    {
        Tensor angles = Rows(relations, ids);
        return (angles.cos(), angles.sin());
    }
}
