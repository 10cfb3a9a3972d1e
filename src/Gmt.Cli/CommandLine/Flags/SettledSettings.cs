namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Settings whose values were left open on the command line.</summary>
internal static class SettledSettings
{
    /// <summary>The settings with what was decided in the place of what was typed.</summary>
    /// <param name="settings">As they were typed.</param>
    /// <param name="decided">What was decided, of the same names.</param>
    public static IEnumerable<KeyValuePair<string, object?>> Settled(
        this IEnumerable<KeyValuePair<string, object?>> settings, IEnumerable<KeyValuePair<string, object?>> decided)
    {
        Dictionary<string, object?> values = new(decided);
        return settings.Select(setting => values.TryGetValue(setting.Key, out object? value) ? new(setting.Key, value) : setting);
    }
}
