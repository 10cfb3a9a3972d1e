using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>RESCAL: hᵀ W t; a relation's vector is the rows of its matrix W, one after another.</summary>
/// <remarks>Queries of one relation share a matrix product, so no matrix is copied for each of them.</remarks>
internal sealed class RescalFunction : KgeFunction
{
    /// <inheritdoc/>
    public override VectorComparison Comparison => VectorComparison.Product;

    /// <inheritdoc/>
    public override int RelationWidth(int dimension) => checked(dimension * dimension);

    /// <inheritdoc/>
    public override Tensor TailQueries(Tensor heads, Tensor relations, long[] ids) =>
        ByRelation(heads, relations, ids, (vectors, matrix) => vectors.mm(matrix));

    /// <inheritdoc/>
    public override Tensor HeadQueries(Tensor tails, Tensor relations, long[] ids) =>
        ByRelation(tails, relations, ids, (vectors, matrix) => vectors.mm(matrix.t()));

    private static Tensor ByRelation(Tensor vectors, Tensor relations, long[] ids, Func<Tensor, Tensor, Tensor> multiply)
    {
        List<(long Relation, int Start, int Count)> runs = [];
        for (int i = 0; i < ids.Length; i++)
        {
            if (i > 0 && ids[i] == ids[i - 1])
            {
                runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
            }
            else
            {
                runs.Add((ids[i], i, 1));
            }
        }

        long width = vectors.size(1);
        long[] distinct = [.. runs.Select(run => run.Relation).Distinct()];
        Dictionary<long, Tensor> matrices = distinct.Zip(Rows(relations, distinct).view(-1, width, width).unbind())
            .ToDictionary(pair => pair.First, pair => pair.Second);                                     // [d, d] each
        return runs.Count == 0
            ? vectors
            : cat([.. runs.Select(run => multiply(vectors.narrow(0, run.Start, run.Count), matrices[run.Relation]))], 0);
    }
}
