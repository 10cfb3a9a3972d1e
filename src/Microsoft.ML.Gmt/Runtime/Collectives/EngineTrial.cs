namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Tries what may go wrong in an engine that is not ours.</summary>
internal static class EngineTrial
{
    /// <summary>Sums numbers whose sums are known.</summary>
    /// <param name="rank">This rank.</param>
    /// <param name="size">How many there are.</param>
    /// <param name="sum">Sums over all.</param>
    /// <returns>What went wrong, or null.</returns>
    public static string? Sum(int rank, int size, Action<float[]> sum)
    {
        float[] values = [rank + 1, 0.5f, -rank];
        int all = size * (size - 1) / 2;
        return Problem(() => sum(values)) ?? (values.AsSpan().SequenceEqual([all + size, size * 0.5f, -all]) ? null
            : $"a sum over {size} ranks, made on trial, was wrong");
    }

    /// <summary>Does something, and says what went wrong, or null.</summary>
    public static string? Problem(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}
