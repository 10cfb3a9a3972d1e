using Microsoft.ML.Gmt.Graph;
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
internal sealed unsafe class DistMult : autograd.SingleTensorFunction<DistMult>
{
    private const int RowsPerTask = 64;
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
        Matrix e = new(entities), r = new(relations);
        Tensor scores = empty([triples.Length], ScalarType.Float32, CPU);
        Matrix result = new(scores.view(-1, 1));
        ForRows(triples.Length, e.Width, (row, product) =>
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
        Matrix e = new(saved[0]), r = new(saved[1]), g = new(grad_output.reshape(-1, 1));

        // Occurrence 2 i is the head of triple i, 2 i + 1 its tail; the factor of either is r ∘ the other.
        var byEntity = new Occurrences(
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

        var byRelation = new Occurrences(triples.Length, r.Rows, place => triples[place].Relation);
        Tensor relationGradient = byRelation.Sum(
            r.Width, g, place => place,
            (place, factor) => TensorPrimitives.Multiply(e[triples[place].Head], e[triples[place].Tail], factor));
        return [entityGradient.MoveToOuterDisposeScope(), relationGradient.MoveToOuterDisposeScope(), null!];
    }

    private delegate void RowAction(int row, Span<float> room);

    private delegate void FactorOf(int place, Span<float> factor);

    private static void ForRows(int count, int width, RowAction action) => Parallel.For(
        0, (count + RowsPerTask - 1) / RowsPerTask, () => new float[width], (task, _, room) =>
    {
        for (int row = task * RowsPerTask; row < Math.Min(count, (task + 1) * RowsPerTask); row++)
        {
            action(row, room);
        }

        return room;
    }, _ => { });

    /// <summary>
    /// Rows of a tensor [rows, width] of fp32 on the CPU; the tensor lives as long as the dispose scope in which this was made.
    /// </summary>
    private readonly struct Matrix
    {
        private readonly Tensor _contiguous;
        private readonly float* _first;

        public Matrix(Tensor tensor)
        {
            _contiguous = tensor.contiguous();
            (Rows, Width) = ((int)tensor.size(0), (int)tensor.size(1));
            fixed (byte* first = _contiguous.bytes)
            {
                _first = (float*)first;
            }
        }

        public int Rows { get; }

        public int Width { get; }

        public Span<float> this[int row] => new(_first + ((long)row * Width), Width);
    }

    /// <summary>Which places of a list belong to which row, in compressed rows.</summary>
    private sealed class Occurrences
    {
        private readonly int[] _offsets;
        private readonly int[] _places;

        public Occurrences(int count, int rows, Func<int, int> rowOf)
        {
            _offsets = new int[rows + 1];
            for (int place = 0; place < count; place++)
            {
                _offsets[rowOf(place) + 1]++;
            }

            for (int row = 0; row < rows; row++)
            {
                _offsets[row + 1] += _offsets[row];
            }

            int[] next = _offsets[..rows];
            _places = new int[count];
            for (int place = 0; place < count; place++)
            {
                _places[next[rowOf(place)]++] = place;
            }
        }

        /// <summary>For each row, the sum over its places of weight · factor: [rows, width].</summary>
        public Tensor Sum(int width, Matrix weights, Func<int, int> weightOf, FactorOf factorOf)
        {
            Tensor sums = zeros([_offsets.Length - 1, width], ScalarType.Float32, CPU);
            Matrix result = new(sums);
            ForRows(_offsets.Length - 1, width, (row, factor) =>
            {
                Span<float> sum = result[row];
                for (int at = _offsets[row]; at < _offsets[row + 1]; at++)
                {
                    factorOf(_places[at], factor);
                    TensorPrimitives.MultiplyAdd(factor, weights[weightOf(_places[at])][0], sum, sum);
                }
            });
            return sums;
        }
    }
}
