using System.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>What a command works with: its arguments, where to write, and who may interrupt it.</summary>
internal sealed record CommandContext(ParseResult Arguments, Terminal Terminal, Interruption Interruption)
{
    /// <summary>The value of an option, its default where it was not given.</summary>
    public T Get<T>(Option<T> option) => Arguments.GetValue(option)!;

    /// <summary>The same; null where it was not given and has no default.</summary>
    public T? GetOrNull<T>(Option<T> option) where T : struct => Arguments.GetResult(option) is null ? null : Get(option);

    /// <summary>The value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => Arguments.GetValue(argument)!;

    /// <summary>
    /// An option as the scripts' configuration files have it: its name without dashes, and its value; null where it has none.
    /// </summary>
    public KeyValuePair<string, object?> Setting(Option option) =>
        new(option.Name.TrimStart('-'), Arguments.GetResult(option)?.GetValueOrDefault<object?>());

    /// <summary>Whether one switch stands after another, which then does not count.</summary>
    public bool IsLater(Option<bool> one, Option<bool> other) =>
        IsGiven(one) && Arguments.Tokens.Last(token => token.Value == one.Name || token.Value == other.Name).Value == one.Name;

    /// <summary>A context of ML.NET whose warnings are shown, and what it says of work before training.</summary>
    public MLContext NewMLContext()
    {
        MLContext ml = new();
        ml.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                Terminal.Warn(FlagNames.In(this, message.RawMessage));
            }
            else if (message.Kind == ChannelMessageKind.Info && message.Source.EndsWith(ReadingLog.Channel, StringComparison.Ordinal))
            {
                Terminal.Error.WriteLine(FlagNames.In(this, message.RawMessage));
            }
        };
        return ml;
    }

    /// <summary>Whether an option stands on the command line.</summary>
    public bool IsGiven(Option option) => Arguments.GetResult(option) is { Implicit: false };
}
