using System.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>How a training run survives an interruption.</summary>
internal sealed class CheckpointFlags
{
    /// <summary>The name of the file, in the output folder, during a training run.</summary>
    public const string FileName = "training.safetensors";

    private readonly Option<bool> _resume = Flag.Switch(
        "--resume", "Goes on with an interrupted training run, to the bits of one that never stopped.");

    private readonly Option<double> _seconds = Flag.Number(
        "--checkpoint_seconds", "Seconds between two savings of the run's state; 0 for one after each step.",
        TrainingCheckpointOptions.DefaultInterval.TotalSeconds, new OptionRangeAttribute(0, 1_000_000_000));

    /// <summary>All options.</summary>
    public Option[] All => [_resume, _seconds];

    /// <summary>
    /// Says so where there is nothing to go on with: the results are there, made with these very settings, and no training is under way.
    /// </summary>
    /// <param name="context">The arguments.</param>
    /// <param name="folder">The output folder.</param>
    /// <param name="settings">The settings, as they stand in the last of the files.</param>
    /// <param name="results">The files of a finished training.</param>
    public bool IsFinished(
        CommandContext context, string folder, IEnumerable<KeyValuePair<string, object?>> settings, params IReadOnlyList<string> results)
    {
        string[] files = [.. results.Select(file => Path.Combine(folder, file))];
        bool isFinished = context.Get(_resume) && !File.Exists(PathIn(folder)) && files.All(File.Exists)
            && File.ReadAllText(files[^1]) == PythonJson.Write(settings);
        if (isFinished)
        {
            Hold(folder, results).Dispose(); // the last run may have been killed at its very end
            context.Terminal.Error.WriteLine($"the training run in {folder} is finished; there is nothing to go on with");
        }

        return isFinished;
    }

    /// <summary>
    /// Holds the output folder for one run and clears away what killed predecessors left; makes the folder where it is missing.
    /// </summary>
    /// <param name="folder">The output folder.</param>
    /// <param name="files">What the run writes, in the folder by name or elsewhere by path.</param>
    /// <returns>To be disposed at the end of the run.</returns>
    /// <exception cref="CommandFailure">Another run writes there.</exception>
    public static FileLock Hold(string folder, params IEnumerable<string> files)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = File.Exists(folder) ? "it is a file" : e.Message.TrimEnd('.');
            throw new CommandFailure($"--output_dir '{folder}' cannot be made: {why}; name a folder", e);
        }

        string held = Path.Combine(folder, "gmt.lock");
        FileLock taken = FileLock.TryTake(held) ?? throw new CommandFailure(
            $"another run is writing into {folder} (it holds {held}); wait for its end, or choose another --output_dir");
        foreach (string file in files.Append(FileName))
        {
            AtomicFile.RemoveRemains(Path.Combine(folder, file));
        }

        FileLock.TryTake(PathIn(folder) + ".lock")?.Dispose();
        return taken;
    }

    /// <summary>Where the state of a training run is kept that writes into a folder.</summary>
    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>Says how to go on, and returns the exit code.</summary>
    public static int Interrupted(CommandContext context, int steps)
    {
        context.Terminal.Error.WriteLine($"interrupted after step {steps}; the same command with --resume goes on from there");
        return ExitCode.Failure;
    }

    /// <summary>Removes the state of a training run whose results are stored, and what killed predecessors left beside them.</summary>
    public static void Clear(string folder, params string[] results)
    {
        foreach (string file in results.Append(FileName))
        {
            AtomicFile.RemoveRemains(Path.Combine(folder, file));
        }

        // Last: without it the training counts as finished, and nobody comes back to clear the rest.
        File.Delete(PathIn(folder));
    }

    /// <summary>The library's options; says so where there is one that is not resumed.</summary>
    public TrainingCheckpointOptions Options(CommandContext context, string folder)
    {
        double seconds = context.Get(_seconds);
        if (!(seconds >= 0))
        {
            throw new UsageError("--checkpoint_seconds must not be negative");
        }

        string path = PathIn(folder);
        bool resume = context.Get(_resume);
        if (resume != File.Exists(path))
        {
            context.Terminal.Warn(resume
                ? $"there is no {path} to resume from; training starts from the beginning"
                : $"{path} belongs to an interrupted training run; this run starts from the beginning and replaces it "
                    + "(--resume continues it)");
        }

        return new TrainingCheckpointOptions { Path = path, Interval = TimeSpan.FromSeconds(Math.Min(seconds, 1e6)), Resume = resume };
    }
}
