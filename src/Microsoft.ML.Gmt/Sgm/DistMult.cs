using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// DistMult scores Σ e_h ∘ r ∘ e_t of many triples over few vectors, differentiable in the vectors of entities and relations. Nothing of
/// the size [triples, d] is kept.
/// </summary>
/// <remarks>
/// Each gradient is summed in the order of the triples by one thread, so the bits do not depend on the number of threads.
/// </remarks>
internal sealed class DistMult : autograd.SingleTensorFunction<DistMult>
{
    private const string Triples = "triples";

    /// <inheritdoc/>
    public override string Name => nameof(DistMult);

    /// <summary>Scores in the order of the triples: [triples].</summary>
    /// <param name="entities">[rows, d].</param>
    /// <param name="relations">[relations, d].</param>
    /// <param name="triples">Heads and tails are rows of <paramref name="entities"/>.</param>
    public static Tensor Score(Tensor entities, Tensor relations, Triple[] triples)
    {
        if (entities.device_type == DeviceType.CPU && entities.dtype == ScalarType.Float32)
        {
            return apply(entities, relations, triples);
        }

        using var scope = NewDisposeScope();
        return ByIndex(entities, relations, triples).MoveToOuterDisposeScope();
    }

    /// <summary>The same by gathering and adding, on any device and in any dtype.</summary>
    public static Tensor ByIndex(Tensor entities, Tensor relations, Triple[] triples)
    {
        Tensor heads = Rows(entities, triples, triple => triple.Head), tails = Rows(entities, triples, triple => triple.Tail);
        return (heads * Rows(relations, triples, triple => triple.Relation) * tails).sum(dim: -1);
    }

    /// <summary>One row of a tensor for each triple: [triples, d].</summary>
    public static Tensor Rows(Tensor of, Triple[] triples, Converter<Triple, long> id) =>
        of.index_select(0, tensor(Array.ConvertAll(triples, id), device: of.device));

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (entities, relations, triples) = ((Tensor)vars[0], (Tensor)vars[1], (Triple[])vars[2]);
        ctx.save_for_backward([entities, relations]);
        ctx.save_data(Triples, triples);
        using var scope = NewDisposeScope();
        TensorRows e = new(entities), r = new(relations);
        Tensor scores = empty([triples.Length], ScalarType.Float32, CPU);
        TensorRows result = new(scores.view(-1, 1));
        TensorRows.ForEach(triples.Length, e.Width, (row, product) =>
        {
            Triple triple = triples[row];
            TensorPrimitives.Multiply(e[triple.Head], e[triple.Tail], product);
            result[row][0] = TensorPrimitives.Dot(product, r[triple.Relation]);
        });
        return scores.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        var triples = (Triple[])ctx.get_data(Triples);
        using var scope = NewDisposeScope();
        TensorRows e = new(saved[0]), r = new(saved[1]), g = new(grad_output.reshape(-1, 1));

        // Occurrence 2 i is the head of triple i, 2 i + 1 its tail; the factor of either is r ∘ the other.
        var byEntity = new RowOccurrences(
            2 * triples.Length, e.Rows, place => place % 2 == 0 ? triples[place / 2].Head : triples[place / 2].Tail);
        Tensor entityGradient = byEntity.Sum(e.Width, g, place => place / 2, (place, factor) =>
        {
            Triple triple = triples[place / 2];
            TensorPrimitives.Multiply(r[triple.Relation], e[place % 2 == 0 ? triple.Tail : triple.Head], factor);
        });
        if (!saved[1].requires_grad)
        {
            return [entityGradient.MoveToOuterDisposeScope(), null!, null!];
        }

        var byRelation = new RowOccurrences(triples.Length, r.Rows, place => triples[place].Relation);
        Tensor relationGradient = byRelation.Sum(
            r.Width, g, place => place,
            (place, factor) => TensorPrimitives.Multiply(e[triples[place].Head], e[triples[place].Tail], factor));
        return [entityGradient.MoveToOuterDisposeScope(), relationGradient.MoveToOuterDisposeScope(), null!];
    }
}
