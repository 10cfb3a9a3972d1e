using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// Which places of a list belong to which row, in compressed rows: so that a row's gradient is summed in the order of its places, by one
/// thread.
/// </summary>
internal sealed class RowOccurrences
{
    private readonly int[] _offsets;
    private readonly int[] _places;

    /// <param name="count">How many places the list has.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="rowOf">The row of a place.</param>
    public RowOccurrences(int count, int rows, Func<int, int> rowOf)
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

    /// <summary>Writes the factor of a place.</summary>
    public delegate void FactorOf(int place, Span<float> factor);

    /// <summary>The places of a row, ascending.</summary>
    public ReadOnlySpan<int> this[int row] => _places.AsSpan(_offsets[row].._offsets[row + 1]);

    /// <summary>For each row, the sum over its places of weight · factor: [rows, width].</summary>
    /// <param name="width">Numbers of a factor.</param>
    /// <param name="weights">[weights, 1].</param>
    /// <param name="weightOf">Which weight a place has.</param>
    /// <param name="factorOf">Its factor.</param>
    public Tensor Sum(int width, TensorRows weights, Func<int, int> weightOf, FactorOf factorOf)
    {
        Tensor sums = zeros([_offsets.Length - 1, width], ScalarType.Float32, CPU);
        TensorRows result = new(sums);
        TensorRows.ForEach(_offsets.Length - 1, width, (row, factor) =>
        {
            Span<float> sum = result[row];
            foreach (int place in this[row])
            {
                factorOf(place, factor);
                TensorPrimitives.MultiplyAdd(factor, weights[weightOf(place)][0], sum, sum);
            }
        });
        return sums;
    }
}
