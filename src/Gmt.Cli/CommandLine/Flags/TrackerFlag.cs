using System.CommandLine;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Where the steps of a training run are written while it runs.</summary>
internal sealed class TrackerFlag
{
    private readonly Option<string> _log = Flag.Text(
        "--log",
        "Also writes each step's loss, learning rate and validation figure: to a .csv or .jsonl file, or for TensorBoard into a folder.",
        form: "PATH");

    /// <summary>The option.</summary>
    public Option Option => _log;

    /// <summary>Opens what is asked for; null for nothing.</summary>
    /// <exception cref="CommandFailure">It cannot be opened.</exception>
    public TrainingTracker? Open(CommandContext context)
    {
        string path = context.Get(_log);
        try
        {
            return path.Length == 0 ? null : TrainingTracker.To(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or GmtFileException)
        {
            throw new CommandFailure($"{_log.Name} cannot be written: {e.Message}");
        }
    }

    /// <summary>Closes it, and warns where something is missing.</summary>
    public static void Close(CommandContext context, TrainingTracker? tracker)
    {
        tracker?.Dispose();
        if (tracker?.Failure is { } failure)
        {
            context.Terminal.Warn($"the log of the training run is incomplete: {failure.Message}");
        }
    }
}
