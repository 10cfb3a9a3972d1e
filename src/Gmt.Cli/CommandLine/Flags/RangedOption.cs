using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>An option whose numbers have a range. The scripts, whose ranges are Python's, don't look at it.</summary>
internal interface IRangedOption
{
    /// <summary>The range.</summary>
    public OptionRangeAttribute Range { get; }
}

/// <summary>A numeric option.</summary>
/// <param name="name">Its name.</param>
/// <param name="range">What it may be; <c>docs/options.md</c> has a row for it, and a test compares.</param>
internal sealed class RangedOption<T>(string name, OptionRangeAttribute range) : Option<T>(name), IRangedOption
{
    /// <inheritdoc/>
    public OptionRangeAttribute Range { get; } = range;
}

/// <summary>Refuses numbers that are out of their options' ranges, before a command does anything.</summary>
internal static class FlagRanges
{
    /// <exception cref="UsageError">A number is out of its range; the message names the option.</exception>
    public static void Check(GmtCommand command, ParseResult arguments)
    {
        foreach (Option option in command.Options)
        {
            if (option is IRangedOption { Range: var range } && arguments.GetResult(option) is { Implicit: false } given
                && given.GetValueOrDefault<object?>() is { } value
                && !range.Contains(Convert.ToDouble(value, CultureInfo.InvariantCulture)))
            {
                throw new UsageError($"{option.Name} is {given.Tokens[^1].Value}; it must be {range}");
            }
        }
    }
}
