using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary><c>gmt launch</c>: starts a command as several ranks on this machine.</summary>
internal sealed class LaunchCommand : GmtCommand
{
    private readonly Option<int> _processes = Flag.Integer("--processes", "How many processes share the work.", 2, least: 1, most: 4_096);

    private readonly Option<int> _timeout = Flag.Integer(
        "--timeout", "Seconds after which a silent process counts as lost.", (int)RankOptions.DefaultTimeout.TotalSeconds, least: 1,
        most: 1_000_000);

    private readonly Option<string> _logs = Flag.Text(
        "--log_dir", "Where the output of all processes but the first goes, as rank-1.log and so on; a new temporary folder without it.",
        form: "DIR");

    private readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = "After --: a command of gmt that shares its work, and its options.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Creates the command.</summary>
    public LaunchCommand() : base("launch", "Starts a command in several processes of this machine that share its work.")
    {
        Add(_command);
        Add("Processes", _processes, _timeout);
        Add("Output", _logs);
    }

    /// <inheritdoc/>
    public override string Call => "[options] -- COMMAND …";

    /// <inheritdoc/>
    public override string Epilogue => """
        The first process writes here. When one fails, all end, and the exit code is that of the one that failed. Each has an equal
        part of the processor's cores, unless OMP_NUM_THREADS says how many threads. docs/scale-out.md says more.
        """;

    /// <inheritdoc/>
    public override string Example => """
        --processes 2 -- finetune_gmt --base_model examples/models/tiny-llama --kg_dir examples/data/codex-s \
        --sgm_ckpt checkpoints/sgm/sgm_state.pth --data_path examples/data/codex-s/gmt-valid.json --output_dir checkpoints/gmt \
        --batch_size 12 --micro_batch_size 6
        """;

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        string[] command = context.Get(_command);
        Check(context.Arguments.RootCommandResult.Command, command[0]);
        string logs = context.Get(_logs) is { Length: > 0 } given
            ? Directory.CreateDirectory(given).FullName
            : Directory.CreateTempSubdirectory("gmt-launch-").FullName;
        int count = context.Get(_processes);
        if (count > 1)
        {
            context.Terminal.Error.WriteLine($"the output of ranks 1 to {count - 1} goes to {logs}");
        }

        context.Interruption.IsHeeded = true;
        using RankProcesses processes = new(command, count, context.Get(_timeout), logs);
        return processes.Run(context);
    }

    private static void Check(System.CommandLine.Command root, string name)
    {
        GmtCommand[] all = [.. root.Subcommands.OfType<GmtCommand>()];
        string sharing = string.Join(", ", all.Where(command => command.SharesWork).Select(command => command.Name));
        if (Array.Find(all, command => command.Name == name) is not { } found)
        {
            throw new UsageError($"there is no command '{name}'{Suggestion.For(name, all.Select(command => command.Name))}");
        }

        if (!found.SharesWork)
        {
            throw new UsageError($"'{name}' does not share its work among processes; these do: {sharing}");
        }
    }
}
