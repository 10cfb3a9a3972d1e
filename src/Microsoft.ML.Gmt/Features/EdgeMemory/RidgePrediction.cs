
namespace Microsoft.ML.Gmt.Features;

/// <summary>
/// Predicts whether an entity has an item from its other items, by the ridge regression that is fitted on all other entities: a linear
/// autoencoder with a zero diagonal (Steck 2019), in dual form, whose row is left out.
/// </summary>
/// <remarks>
/// With x_j the column of the item and A = X Xᵀ + λ I, the regression knows X without column j and without the hidden edges:
/// A′ = A + B S Bᵀ, where B holds few columns and single entities and S is small. The prediction of the row h that is left out is
/// −(A′⁻¹ y)_h / (A′⁻¹)_hh with y = x_j but for h, and aᵀ A′⁻¹ b = αᵀ (I + G S)⁻¹ G β for a = B α, b = B β, G = Bᵀ M B: nothing is
/// fitted anew.
/// </remarks>
internal ref struct RidgePrediction
{
    /// <summary>The most columns of B: two columns and two ends of either hidden triple, the item and the entity asked about.</summary>
    private const int Most = 10;

    private readonly IRidgeInverse _inverse;
    private readonly Span<EdgeItem> _basis;
    private int _count;

    private RidgePrediction(IRidgeInverse inverse, Span<EdgeItem> basis)
    {
        _inverse = inverse;
        _basis = basis;
    }

    /// <summary>The prediction, around 0 for what is not expected and around 1 for what is.</summary>
    /// <param name="inverse">M.</param>
    /// <param name="edges">The edges that are to be seen.</param>
    /// <param name="side">The entity, and the item that it may have.</param>
    public static double Of(IRidgeInverse inverse, MaskedEdges edges, FeatureSide side)
    {
        var item = new EdgeItem(side.Signed, side.Other);
        return edges.Edges.Neighbors(side.Other, SignedEdges.Inverse(side.Signed)).IsEmpty
            ? 0
            : new RidgePrediction(inverse, stackalloc EdgeItem[Most]).Compute(edges, side.Entity, item);
    }

    private double Compute(MaskedEdges edges, int entity, EdgeItem item)
    {
        int own = At(EdgeItem.Of(entity)), target = At(item);
        for (int i = 0; i < edges.HiddenCount; i++)
        {
            (int head, int relation, int tail) = edges.Hidden(i);
            At(new EdgeItem(2 * relation, tail));
            At(new EdgeItem((2 * relation) + 1, head));
            At(EdgeItem.Of(head));
            At(EdgeItem.Of(tail));
        }

        int size = _count;
        Span<double> known = stackalloc double[size];    // y in terms of the basis
        Span<double> change = stackalloc double[size * size];   // S
        change.Clear();
        Span<double> seen = stackalloc double[size];
        for (int column = 0; column < size; column++)
        {
            if (!_basis[column].IsEntity)
            {
                Seen(edges, column, seen);
                change[(column * size) + column]--;
                if (column == target)
                {
                    seen.CopyTo(known);
                    continue;   // the regression does not see it at all
                }

                for (int i = 0; i < size * size; i++)
                {
                    change[i] += seen[i / size] * seen[i % size];
                }
            }
        }

        known[own] -= edges.Contains(entity, item.Signed, item.Entity) ? 1 : 0;
        return Solve(change, known, own, size);
    }

    /// <summary>A column without its hidden edges, in terms of the basis.</summary>
    private readonly void Seen(MaskedEdges edges, int column, Span<double> seen)
    {
        seen.Clear();
        seen[column] = 1;
        EdgeItem item = _basis[column];
        for (int i = 0; i < _count; i++)
        {
            seen[i] -= _basis[i].IsEntity && edges.Hides(_basis[i].Entity, item.Signed, item.Entity) ? 1 : 0;
        }
    }

    private readonly double Solve(ReadOnlySpan<double> change, ReadOnlySpan<double> known, int own, int size)
    {
        Span<double> gram = stackalloc double[size * size];   // G
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                gram[(i * size) + j] = gram[(j * size) + i] = _inverse.Between(_basis[i], _basis[j]);
            }
        }

        // (I + G S) [G y, G e_h], solved for both.
        Span<double> matrix = stackalloc double[size * size];
        Span<double> right = stackalloc double[2 * size];
        for (int i = 0; i < size; i++)
        {
            double product = 0;
            for (int j = 0; j < size; j++)
            {
                double sum = i == j ? 1 : 0;
                for (int k = 0; k < size; k++)
                {
                    sum += gram[(i * size) + k] * change[(k * size) + j];
                }

                matrix[(i * size) + j] = sum;
                product += gram[(i * size) + j] * known[j];
            }

            right[2 * i] = product;
            right[(2 * i) + 1] = gram[(i * size) + own];
        }

        SmallSystem.Solve(matrix, right, size);
        return -right[2 * own] / right[(2 * own) + 1];
    }

    /// <summary>Where a vector stands in the basis; it is added where it is not there.</summary>
    private int At(EdgeItem item)
    {
        int at = _basis[.._count].IndexOf(item);
        if (at < 0)
        {
            at = _count++;
            _basis[at] = item;
        }

        return at;
    }
}
