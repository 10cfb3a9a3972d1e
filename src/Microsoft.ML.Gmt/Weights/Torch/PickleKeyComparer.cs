namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// Equality of dictionary keys with hashes that differ from process to process also for numbers, whose own hash codes a hostile file
/// could make collide by the million.
/// </summary>
internal sealed class PickleKeyComparer : IEqualityComparer<object>
{
    public static readonly PickleKeyComparer Instance = new();

    private PickleKeyComparer()
    {
    }

    bool IEqualityComparer<object>.Equals(object? left, object? right) => Equals(left, right);

    public int GetHashCode(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key switch
        {
            long number => HashCode.Combine((int)number, (int)(number >> 32)),
            double number => HashCode.Combine(BitConverter.DoubleToInt64Bits(number) >> 32, (int)BitConverter.DoubleToInt64Bits(number)),
            _ => key.GetHashCode(),
        };
    }
}
