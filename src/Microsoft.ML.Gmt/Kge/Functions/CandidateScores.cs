using Microsoft.ML.Gmt.Layers;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>
/// Scores of queries with candidates by any <see cref="VectorComparison"/>, differentiable in both, fp32 on the CPU. Nothing of the size
/// [queries, candidates, width] is kept, which is what such scores would cost by broadcasting.
/// </summary>
/// <remarks>Each gradient is summed in a fixed order by one thread, so the bits do not depend on the number of threads.</remarks>
internal sealed class CandidateScores : autograd.SingleTensorFunction<CandidateScores>
{
    // A block of queries shares each candidate that is fetched into the cache.
    private const int Block = 8;
    private const string Kind = "comparison", Chosen = "candidates";

    /// <inheritdoc/>
    public override string Name => nameof(CandidateScores);

    /// <summary>Scores of each query with every entity: [queries, entities].</summary>
    /// <param name="queries">[queries, width].</param>
    /// <param name="entities">[entities, width].</param>
    /// <param name="comparison">The score.</param>
    public static Tensor OfAll(Tensor queries, Tensor entities, VectorComparison comparison) =>
        apply(queries, entities, comparison, Array.Empty<int>());

    /// <summary>Scores of each query with candidates of its own: [queries, candidates each].</summary>
    /// <param name="queries">[queries, width].</param>
    /// <param name="entities">[entities, width].</param>
    /// <param name="comparison">The score.</param>
    /// <param name="candidates">
    /// Rows of the entities: those of the first query, then those of the second …, the same number of each.
    /// </param>
    public static Tensor Of(Tensor queries, Tensor entities, VectorComparison comparison, int[] candidates) =>
        apply(queries, entities, comparison, candidates);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (queries, entities, comparison, candidates) = ((Tensor)vars[0], (Tensor)vars[1], (VectorComparison)vars[2], (int[])vars[3]);
        ctx.save_for_backward([queries, entities]);
        ctx.save_data(Kind, comparison);
        ctx.save_data(Chosen, candidates);
        using var scope = NewDisposeScope();
        TensorRows q = new(queries), e = new(entities);
        bool isAll = candidates.Length == 0;
        int each = isAll ? e.Rows : candidates.Length / q.Rows;
        Tensor scores = empty([q.Rows, each], ScalarType.Float32, CPU);
        TensorRows result = new(scores);
        ForBlocks(q.Rows, rows =>
        {
            for (int place = 0; place < each; place++)
            {
                foreach (int row in rows)
                {
                    result[row][place] = comparison.Score(q[row], e[isAll ? place : candidates[(row * each) + place]]);
                }
            }
        });
        return scores.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        var comparison = (VectorComparison)ctx.get_data(Kind);
        var candidates = (int[])ctx.get_data(Chosen);
        using var scope = NewDisposeScope();
        TensorRows q = new(saved[0]), e = new(saved[1]), weights = new(grad_output);
        Tensor ofQueries = zeros([q.Rows, q.Width], ScalarType.Float32, CPU);
        Tensor ofEntities = zeros([e.Rows, e.Width], ScalarType.Float32, CPU);
        TensorRows dq = new(ofQueries), de = new(ofEntities);
        int each = weights.Width;
        bool isAll = candidates.Length == 0;
        ForBlocks(q.Rows, rows =>
        {
            for (int place = 0; place < each; place++)
            {
                foreach (int row in rows)
                {
                    int entity = isAll ? place : candidates[(row * each) + place];
                    comparison.AddQueryGradient(q[row], e[entity], weights[row][place], dq[row]);
                }
            }
        });
        if (isAll)
        {
            ForBlocks(e.Rows, entities =>
            {
                for (int row = 0; row < q.Rows; row++)
                {
                    foreach (int entity in entities)
                    {
                        comparison.AddCandidateGradient(q[row], e[entity], weights[row][entity], de[entity]);
                    }
                }
            });
        }
        else
        {
            var places = new RowOccurrences(candidates.Length, e.Rows, place => candidates[place]);
            TensorRows.ForEach(e.Rows, 0, (entity, _) =>
            {
                foreach (int place in places[entity])
                {
                    (int row, int column) = Math.DivRem(place, each);
                    comparison.AddCandidateGradient(q[row], e[entity], weights[row][column], de[entity]);
                }
            });
        }

        return [ofQueries.MoveToOuterDisposeScope(), ofEntities.MoveToOuterDisposeScope(), null!, null!];
    }

    private static void ForBlocks(int count, Action<int[]> action) => Parallel.For(0, (count + Block - 1) / Block, block =>
        action([.. Enumerable.Range(block * Block, Math.Min(Block, count - (block * Block)))]));
}
