using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>The product of a constant sparse matrix with a dense one, differentiable in the dense one.</summary>
/// <remarks>
/// Each row is summed in a fixed order by one thread, forward and backward, so the bits do not depend on the number of threads. Other
/// devices and dtypes than fp32 on the CPU go through ATen's <c>index_add</c>, which is also the oracle in tests.
/// </remarks>
internal sealed class SparseProduct : autograd.SingleTensorFunction<SparseProduct>
{
    private const int MostRowsPerTask = 64, EntriesPerTask = 512;
    private const string Matrix = "matrix";

    /// <inheritdoc/>
    public override string Name => nameof(SparseProduct);

    /// <summary>[rows, d] from a matrix [rows, columns] and <paramref name="dense"/> [columns, d].</summary>
    public static Tensor Multiply(SparseMatrix matrix, Tensor dense) =>
        dense.device_type == DeviceType.CPU && dense.dtype == ScalarType.Float32 ? apply(dense, matrix) : MultiplyByIndex(matrix, dense);

    /// <summary>The same by gathering and adding, on any device and in any dtype.</summary>
    public static Tensor MultiplyByIndex(SparseMatrix matrix, Tensor dense)
    {
        using var scope = NewDisposeScope();
        long[] rows = new long[matrix.Columns.Length];
        for (int row = 0; row < matrix.RowCount; row++)
        {
            rows.AsSpan(matrix.Offsets[row]..matrix.Offsets[row + 1]).Fill(row);
        }

        Tensor columns = tensor(Array.ConvertAll(matrix.Columns, column => (long)column), device: dense.device);
        Tensor values = tensor(matrix.Values, device: dense.device).to(dense.dtype).unsqueeze(-1);   // [entries, 1]
        Tensor terms = dense.index_select(0, columns) * values;                                      // [entries, d]
        return zeros([matrix.RowCount, dense.size(1)], dense.dtype, dense.device)
            .index_add(0, tensor(rows, device: dense.device), terms, 1).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var matrix = (SparseMatrix)vars[1];
        ctx.save_data(Matrix, matrix);
        return Product(matrix, (Tensor)vars[0]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
        [Product(((SparseMatrix)ctx.get_data(Matrix)).Transpose, grad_output), null!];

    private static unsafe Tensor Product(SparseMatrix matrix, Tensor dense)
    {
        using var scope = NewDisposeScope();
        Tensor input = dense.contiguous();
        int width = (int)input.size(1);
        Tensor output = empty([matrix.RowCount, width], ScalarType.Float32, CPU);
        fixed (byte* from = input.bytes, to = output.bytes)
        {
            (nint source, nint target) = ((nint)from, (nint)to);
            int perTask = (int)Math.Clamp((long)EntriesPerTask * matrix.RowCount / Math.Max(1, matrix.Columns.Length), 1, MostRowsPerTask);
            int tasks = (matrix.RowCount + perTask - 1) / perTask;
            TorchThreads.ForEach(tasks, task =>
            {
                int end = Math.Min(matrix.RowCount, (task + 1) * perTask);
                for (int row = task * perTask; row < end; row++)
                {
                    SumRow(matrix, row, (float*)source, new Span<float>((float*)target + (long)row * width, width));
                }
            });
        }

        GC.KeepAlive(input);
        return output.MoveToOuterDisposeScope();
    }

    private static unsafe void SumRow(SparseMatrix matrix, int row, float* source, Span<float> sum)
    {
        (int first, int end) = (matrix.Offsets[row], matrix.Offsets[row + 1]);
        if (first == end)
        {
            sum.Clear();
        }

        for (int entry = first; entry < end; entry++)
        {
            var term = new ReadOnlySpan<float>(source + (long)matrix.Columns[entry] * sum.Length, sum.Length);
            if (entry == first)
            {
                TensorPrimitives.Multiply(term, matrix.Values[entry], sum);
            }
            else
            {
                TensorPrimitives.MultiplyAdd(term, matrix.Values[entry], sum, sum);
            }
        }
    }
}
