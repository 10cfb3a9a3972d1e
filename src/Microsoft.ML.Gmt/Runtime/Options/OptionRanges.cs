using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Checks records of options against the ranges that their properties state.</summary>
internal static class OptionRanges
{
    private static readonly ConcurrentDictionary<Type, (PropertyInfo Property, OptionRangeAttribute Range)[]> Known = new();

    /// <summary>The numeric properties of a type that state a range, inherited ones included.</summary>
    public static IReadOnlyList<(PropertyInfo Property, OptionRangeAttribute Range)> Of(Type type) => Known.GetOrAdd(
        type,
        static type =>
        [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Select(property => (property, RangeOf(property))).Where(pair => pair.Item2 is not null)
                .Select(pair => (pair.property, pair.Item2!)),
        ]);

    /// <summary>The range of a property.</summary>
    /// <typeparam name="T">The record of options.</typeparam>
    /// <param name="property">The property's name.</param>
    public static OptionRangeAttribute Of<T>(string property) => Of(typeof(T)).Single(pair => pair.Property.Name == property).Range;

    /// <summary>Refuses the first value of a record that is out of its range. What is null was left open.</summary>
    /// <param name="options">The record.</param>
    /// <param name="upperEnds">
    /// Whether upper ends count; the scripts, whose ranges are Python's, do without them.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the message names the property and the range.</exception>
    public static void Check(object options, bool upperEnds = true)
    {
        if (Fault(options, upperEnds) is { } fault)
        {
            throw new ArgumentOutOfRangeException(fault.Property, fault.Problem);
        }
    }

    /// <summary>The first property whose value is out of its range, and a sentence that says so; null where there is none.</summary>
    public static (string Property, string Problem)? Fault(object options, bool upperEnds = true)
    {
        foreach ((PropertyInfo property, OptionRangeAttribute range) in Of(options.GetType()))
        {
            object? value = property.GetValue(options);
            if (value is not null && Numbers(value).Any(number => !range.Contains(number, upperEnds)))
            {
                return (property.Name, $"{property.Name} is {Text(value)}; it must be {range}{Unit(value)}.");
            }
        }

        return null;
    }

    private static OptionRangeAttribute? RangeOf(PropertyInfo property)
    {
        OptionRangeAttribute? range = property.GetCustomAttribute<OptionRangeAttribute>();
        range?.Property = property.Name;
        return range;
    }

    private static IEnumerable<double> Numbers(object value) => value switch
    {
        TimeSpan duration => [duration.TotalSeconds],
        IEnumerable<int> list => list.Select(number => (double)number),
        _ => [Convert.ToDouble(value, CultureInfo.InvariantCulture)],
    };

    private static string Text(object value) => value is IEnumerable<int> list
        ? $"[{string.Join(", ", list.Take(20))}]"
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Unit(object value) => value is TimeSpan ? " seconds" : "";
}
