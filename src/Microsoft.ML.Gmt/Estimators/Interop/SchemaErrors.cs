namespace Microsoft.ML.Gmt;

/// <summary>What is wrong with a schema, in ML.NET's words.</summary>
internal static class SchemaErrors
{
    /// <param name="parameter">The caller's parameter.</param>
    /// <param name="role">What the column is for, such as <c>head</c>.</param>
    /// <param name="name">Its name.</param>
    public static ArgumentOutOfRangeException Missing(string parameter, string role, string name) =>
        new(parameter, $"Could not find {role} column '{name}'");

    /// <param name="parameter">The caller's parameter.</param>
    /// <param name="role">What the column is for, such as <c>head</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="expected">The type that it should have.</param>
    /// <param name="actual">The type that it has.</param>
    public static ArgumentOutOfRangeException Mismatch(string parameter, string role, string name, string expected, string actual) =>
        new(parameter, $"Schema mismatch for {role} column '{name}': expected {expected}, got {actual}");

    /// <summary>A getter was asked for of a column that was not asked for when the cursor was made.</summary>
    public static InvalidOperationException Inactive(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' is not active in this cursor or row.");

    /// <summary>A getter was asked for that gives another type of value.</summary>
    public static InvalidOperationException WrongValueType(Type asked, Delegate getter) =>
        new($"Invalid TValue: '{asked}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
}
