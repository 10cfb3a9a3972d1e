using System.Reflection;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>What is said of a failure: the message where it tells the user what to do, everything where the fault is ours.</summary>
internal static class FailureText
{
    /// <summary>The text for an exception.</summary>
    public static string Of(Exception exception) => exception switch
    {
        ArgumentException e => WithoutParameter(e),
        GmtFileException or CommandFailure or NotSupportedException or KeyNotFoundException or IOException or UnauthorizedAccessException or
            OutOfMemoryException or OperationCanceledException or NothingToTrainOnException or NotFiniteNumberException =>
            exception.Message,
        InvalidDataException => exception.Message, // .NET's own, of a damaged zip archive
        TargetInvocationException { InnerException: { } inner } => Of(inner), // of ML.NET, which calls by reflection
        _ => $"unexpected: {exception}{Environment.NewLine}This is a fault of gmt; please report it with the text above.",
    };

    /// <summary>
    /// The name of a parameter says little to those who call from a command line: left out, or as words where the message begins with it.
    /// </summary>
    private static string WithoutParameter(ArgumentException exception)
    {
        string message = exception.Message, name = exception.ParamName ?? "";
        int at = message.IndexOf($" (Parameter '{name}')", StringComparison.Ordinal);
        message = at < 0 ? message : message[..at];
        return name.Length > 0 && message.StartsWith($"{name} (", StringComparison.Ordinal)
            ? Words(name) + message[name.Length..]
            : message;
    }

    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? " " : "")}{char.ToLowerInvariant(c)}" : $"{c}"));
}
