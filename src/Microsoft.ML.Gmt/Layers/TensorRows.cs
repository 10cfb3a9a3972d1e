using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// Rows of a tensor [rows, width] of fp32 on the CPU, for managed kernels; the tensor lives as long as the dispose scope in which this was
/// made.
/// </summary>
internal readonly unsafe struct TensorRows
{
    private const int RowsPerTask = 64;

    private readonly Tensor _contiguous;
    private readonly float* _first;

    /// <param name="tensor">[rows, width].</param>
    public TensorRows(Tensor tensor)
    {
        _contiguous = tensor.contiguous();
        (Rows, Width) = ((int)tensor.size(0), (int)tensor.size(1));
        fixed (byte* first = _contiguous.bytes)
        {
            _first = (float*)first;
        }
    }

    /// <summary>How many rows there are.</summary>
    public int Rows { get; }

    /// <summary>Numbers of a row.</summary>
    public int Width { get; }

    /// <summary>A row, which may be written to.</summary>
    public Span<float> this[int row] => new(_first + ((long)row * Width), Width);

    /// <summary>Does something with a row's number and some room.</summary>
    public delegate void RowAction(int row, Span<float> room);

    /// <summary>Runs over rows on libtorch's threads, each row by one thread.</summary>
    /// <param name="count">How many rows.</param>
    /// <param name="width">Numbers that each thread has room for.</param>
    /// <param name="action">What to do; what is in the room is not defined.</param>
    /// <param name="rowsPerTask">Rows that a thread takes at once; 64, and fewer where a row is much work.</param>
    public static void ForEach(int count, int width, RowAction action, int rowsPerTask = RowsPerTask) =>
        TorchThreads.ForEach((count + rowsPerTask - 1) / rowsPerTask, task =>
        {
            float[] room = new float[width];
            for (int row = task * rowsPerTask; row < Math.Min(count, (task + 1) * rowsPerTask); row++)
            {
                action(row, room);
            }
        });
}
