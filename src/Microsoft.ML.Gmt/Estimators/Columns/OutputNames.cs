namespace Microsoft.ML.Gmt;

/// <summary>The names of the columns that a transformer adds.</summary>
internal static class OutputNames
{
    /// <summary>
    /// The name of the column that says whether names are known, which earlier archives do not have: another one where one of theirs is
    /// called so.
    /// </summary>
    public static string Known(string name, params string[] others) => others.Contains(name) ? $"{name}Names" : name;

    /// <exception cref="ArgumentException">A name is empty, or two are equal.</exception>
    public static void Check(params string[] names)
    {
        foreach (string name in names)
        {
            ArgumentException.ThrowIfNullOrEmpty(name);
        }

        if (names.Distinct().Count() < names.Length)
        {
            throw new ArgumentException($"Output columns must have distinct names; they are {string.Join(", ", names)}.");
        }
    }
}
