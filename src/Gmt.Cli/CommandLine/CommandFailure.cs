namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>What the command was asked to do failed, for a reason that the message tells whole.</summary>
internal sealed class CommandFailure(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>The command was called in a way that makes no sense.</summary>
internal sealed class UsageError(string message) : Exception(message);
