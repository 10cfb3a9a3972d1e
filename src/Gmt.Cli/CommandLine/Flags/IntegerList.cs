using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Whole numbers between commas, as some options take them; blanks around them and empty places mean nothing.</summary>
internal static class IntegerList
{
    /// <summary>The numbers of an option.</summary>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="list">Its value.</param>
    /// <exception cref="CommandFailure">Something between two commas is not a whole number.</exception>
    public static IReadOnlyList<int> Parse(string option, string list) =>
    [
        .. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part => PythonNumber.TryParseInteger(part, out int number)
                ? number
                : throw new CommandFailure($"{option}: '{part}' in '{list}' is not a whole number")),
    ];
}
