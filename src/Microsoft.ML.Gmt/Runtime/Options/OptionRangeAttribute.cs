using System.Globalization;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// The values that a numeric option may have; a duration counts in seconds, a list by each of its numbers. <c>docs/options.md</c> has a row
/// for each, and a test compares.
/// </summary>
/// <param name="least">The least value.</param>
/// <param name="most">The greatest value.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionRangeAttribute(double least, double most) : Attribute
{
    /// <summary>The least value.</summary>
    public double Least { get; } = least;

    /// <summary>The greatest value.</summary>
    public double Most { get; } = most;

    /// <summary>The property that has the range; null where the range is no property's.</summary>
    public string? Property { get; set; }

    /// <summary>Whether the least value itself is refused.</summary>
    public bool IsAboveLeast { get; init; }

    /// <summary>Whether the greatest value itself is refused.</summary>
    public bool IsBelowMost { get; init; }

    /// <summary>Whether a value is in the range; NaN never is.</summary>
    /// <param name="value">The value.</param>
    /// <param name="upperEnd">Whether the upper end counts; without it any finite number above the lower end will do.</param>
    public bool Contains(double value, bool upperEnd = true) =>
        double.IsFinite(value) && (IsAboveLeast ? value > Least : value >= Least)
        && ((!upperEnd && !IsBelowMost) || (IsBelowMost ? value < Most : value <= Most));

    /// <summary>The range in words that follow "must be": <c>from 1 to 1,000,000</c>, <c>above 0 and at most 10</c>.</summary>
    public override string ToString() => (Least, Most) is (int.MinValue, int.MaxValue) ? "any whole number of 32 bits"
        : !IsAboveLeast && !IsBelowMost ? string.Create(CultureInfo.InvariantCulture, $"from {Least:#,0.##} to {Most:#,0.##}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{(IsAboveLeast ? "above" : "at least")} {Least:#,0.##} and {(IsBelowMost ? "below" : "at most")} {Most:#,0.##}");
}
