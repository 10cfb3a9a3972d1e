using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Training;

/// <summary>Copies of a record of options that differ in one property each, those of nested records included.</summary>
internal static class OptionVariants
{
    /// <summary>One copy for each property that can be set.</summary>
    /// <param name="options">A record, class or struct.</param>
    public static IEnumerable<(string Property, object Changed)> Of(object options)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
        foreach (PropertyInfo property in options.GetType().GetProperties(All).Where(property => property.CanWrite))
        {
            object? value = property.GetValue(options);
            bool isNested = value is not null && IsRecordOfOptions(value.GetType());
            foreach ((string inner, object? changed) in isNested ? Of(value!) : [("", Different(property, value)!)])
            {
                object copy = Copy(options);
                property.SetValue(copy, changed);
                yield return (inner.Length == 0 ? property.Name : $"{property.Name}.{inner}", copy);
            }
        }
    }

    private static bool IsRecordOfOptions(Type type) =>
        !type.IsEnum && type != typeof(TrainingCheckpointOptions) && type.Assembly == typeof(TrainingCheckpointOptions).Assembly;

    private static object Copy(object record) => record.GetType().IsValueType
        ? RuntimeHelpers.GetObjectValue(record)
        : record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;

    private static object? Different(PropertyInfo property, object? value) => value switch
    {
        bool flag => !flag,
        int number => number + 1,
        double number => number + 0.001,
        string text => text + "x",
        Enum choice => Enum.GetValues(choice.GetType()).Cast<object>().First(other => !other.Equals(choice)),
        IReadOnlyList<int> list => (int[])[.. list, 1],
        _ => Some(property),
    };

    /// <summary>A value for a property that has none.</summary>
    private static object? Some(PropertyInfo property)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(int) ? 3
            : type == typeof(double) ? 0.5
            : type == typeof(bool) ? true
            : type == typeof(IReadOnlyList<int>) ? (int[])[1, 2]
            : type.IsEnum ? Enum.GetValues(type).GetValue(0)
            : type == typeof(TrainingCheckpointOptions) ? new TrainingCheckpointOptions { Path = "somewhere" }
            : type == typeof(IProgress<TrainingProgress>) ? new Progress<TrainingProgress>()
            : throw new NotSupportedException(
                $"{property.DeclaringType!.Name}.{property.Name} is a {type}: say here what another value of it is.");
    }
}
