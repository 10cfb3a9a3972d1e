using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>
/// The rows that <c>finetune_gmt.py</c> validates on: those of <c>train_test_split</c> of Hugging Face's datasets, which permutes with
/// NumPy. <see cref="RowBatches.HoldOut"/> draws others.
/// </summary>
internal static class ReferenceHoldOut
{
    /// <summary>Takes rows out of a data set.</summary>
    /// <param name="rows">The data set.</param>
    /// <param name="count">How many rows to hold out.</param>
    /// <param name="seed">The seed; 42 in the reference.</param>
    /// <returns>The two parts in the order of the permutation, or the data set as it is where nothing is held out.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or leaves nothing to train on.</exception>
    public static (IReadOnlyList<T> Training, IReadOnlyList<T> Validation) Split<T>(IReadOnlyList<T> rows, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(rows);
        RowBatches.CheckHeldOut(rows.Count, count);
        if (count == 0)
        {
            return (rows, []);
        }

        int[] order = new NumpyRandom((uint)seed).Permutation(rows.Count);
        return ([.. order.Skip(count).Select(row => rows[row])], [.. order.Take(count).Select(row => rows[row])]);
    }
}
