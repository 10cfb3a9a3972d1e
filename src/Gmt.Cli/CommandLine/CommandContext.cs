using System.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>What a command works with: its arguments, where to write, and who may interrupt it.</summary>
internal sealed record CommandContext(ParseResult Arguments, Terminal Terminal, Interruption Interruption)
{
    /// <summary>The value of an option, its default where it was not given.</summary>
    public T Get<T>(Option<T> option) => Arguments.GetValue(option)!;

    /// <summary>The value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => Arguments.GetValue(argument)!;

    /// <summary>Whether an option stands on the command line.</summary>
    public bool IsGiven(Option option) => Arguments.GetResult(option) is { Implicit: false };
}
