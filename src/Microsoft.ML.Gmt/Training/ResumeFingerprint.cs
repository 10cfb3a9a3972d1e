using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// What a record of options says, property by property, so that a training run never goes on with other options. Properties are found by
/// reflection: whoever adds one adds it to the fingerprint, or names it in <see cref="Excluded"/>.
/// </summary>
/// <remarks>
/// Properties that can be set count, in the order of their names, internal ones and those of records within records too. A name is the
/// property's in words (<c>BatchSize</c> is "batch size"), for a message; a value is written in the invariant culture, with all digits of a
/// number.
/// </remarks>
internal static class ResumeFingerprint
{
    /// <summary>
    /// What may differ between a run and the one that goes on with it: where the state is kept, and who hears of it.
    /// </summary>
    public static readonly IReadOnlyList<string> Excluded = ["Checkpoint", "Progress"];

    private const string Root = "Microsoft.ML.Gmt";

    /// <summary>All that a record of options says.</summary>
    /// <param name="options">The record, of a type of this library.</param>
    /// <param name="prefix">Words before each name, where records of one fingerprint have properties of one name.</param>
    /// <exception cref="NotSupportedException">A property is of a type whose values cannot be told apart here.</exception>
    public static IReadOnlyList<(string Name, string Value)> Of(object options, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(options);
        PropertyInfo[] properties = [.. Properties(options.GetType())];
        return properties.Length == 0
            ? throw new NotSupportedException(
                $"{options.GetType()} has no property that can be set, so a fingerprint cannot tell two of them apart; exclude it.")
            : [.. properties.SelectMany(property => Describe(Join(prefix, Words(property.Name)), property.GetValue(options), property))];
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(property => property is { CanRead: true, CanWrite: true } && property.GetIndexParameters().Length == 0)
            .Where(property => !Excluded.Contains(property.Name))
            .OrderBy(property => property.Name, StringComparer.Ordinal);

    /// <summary>Whether a type is a record of options, whose properties count one by one.</summary>
    private static bool IsNested(Type type) =>
        !type.IsEnum && type.Namespace is { } name && (name == Root || name.StartsWith($"{Root}.", StringComparison.Ordinal));

    /// <summary>"batch size" for <c>BatchSize</c>.</summary>
    private static string Words(string name)
    {
        StringBuilder words = new();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0)
            {
                words.Append(' ');
            }

            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }

    private static IEnumerable<(string Name, string Value)> Describe(string name, object? value, PropertyInfo property) =>
        value is not null && IsNested(value.GetType()) ? Of(value, name) : [(name, Text(value, property))];

    private static string Text(object? value, PropertyInfo property) => value switch
    {
        null => "not set",
        string text => text,
        bool flag => flag.ToString(),
        IFormattable plain when value.GetType() is { IsPrimitive: true } or { IsEnum: true } =>
            plain.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(element => Text(element, property)))}]",
        _ => throw new NotSupportedException(
            $"{property.DeclaringType?.Name}.{property.Name} is a {value.GetType()}, which {nameof(ResumeFingerprint)} cannot write; "
            + "teach it, or exclude the property."),
    };

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : $"{prefix} {name}";
}
