using System.Reflection;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>
/// What is said of a model archive that ML.NET could not load: it wraps what its loaders throw, and throws nearly anything itself.
/// </summary>
internal static class ArchiveFailure
{
    /// <summary>The failure, with the sentence of the fault that led to it.</summary>
    /// <param name="path">The archive.</param>
    /// <param name="exception">What ML.NET threw.</param>
    public static CommandFailure Of(string path, Exception exception)
    {
        Exception fault = exception;
        while (fault is TargetInvocationException or InvalidOperationException or FormatException and not GmtFileException
            && fault.InnerException is { } inner)
        {
            fault = inner;
        }

        return fault switch
        {
            GmtFileException => new CommandFailure($"{path}, {fault.Message}", exception),
            NotSupportedException => new CommandFailure($"{path}: {fault.Message}", exception),
            _ => new CommandFailure(
                $"{path} is no ML.NET model that can be read: {fault.GetBaseException().Message} 'gmt info {path}' says what it holds.",
                exception),
        };
    }
}
