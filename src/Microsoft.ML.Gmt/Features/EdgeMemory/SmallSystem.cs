namespace Microsoft.ML.Gmt.Features;

/// <summary>Solves a few linear equations.</summary>
internal static class SmallSystem
{
    /// <summary>Solves for two right sides by elimination with pivots.</summary>
    /// <param name="matrix">[size, size]; it is overwritten.</param>
    /// <param name="right">[size, 2]; receives the solutions.</param>
    /// <param name="size">How many equations.</param>
    public static void Solve(Span<double> matrix, Span<double> right, int size)
    {
        for (int column = 0; column < size; column++)
        {
            int pivot = column;
            for (int row = column + 1; row < size; row++)
            {
                pivot = Math.Abs(matrix[(row * size) + column]) > Math.Abs(matrix[(pivot * size) + column]) ? row : pivot;
            }

            Swap(matrix, column, pivot, size);
            Swap(right, column, pivot, 2);
            for (int row = 0; row < size; row++)
            {
                double factor = matrix[(row * size) + column] / matrix[(column * size) + column];
                if (row != column && factor != 0)
                {
                    Subtract(matrix, row, column, factor, size);
                    Subtract(right, row, column, factor, 2);
                }
            }
        }

        for (int row = 0; row < size; row++)
        {
            right[2 * row] /= matrix[(row * size) + row];
            right[(2 * row) + 1] /= matrix[(row * size) + row];
        }
    }

    private static void Swap(Span<double> values, int one, int other, int width)
    {
        for (int i = 0; i < width && one != other; i++)
        {
            (values[(one * width) + i], values[(other * width) + i]) = (values[(other * width) + i], values[(one * width) + i]);
        }
    }

    private static void Subtract(Span<double> values, int from, int row, double factor, int width)
    {
        for (int i = 0; i < width; i++)
        {
            values[(from * width) + i] -= factor * values[(row * width) + i];
        }
    }
}
