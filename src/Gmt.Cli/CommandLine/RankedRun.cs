using System.Globalization;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>A command as one of several ranks, as a launcher started it: meets the others, works, and leaves with them.</summary>
internal static class RankedRun
{
    /// <summary>What the help of a command says that shares its work.</summary>
    public const string Help =
        "Started by torchrun, srun, mpirun or gmt launch, several processes share each step (docs/scale-out.md).";

    /// <summary>Which rank this process is.</summary>
    public static RankOptions Read() => RankVariables.Read(Environment.GetEnvironmentVariable);

    /// <summary>Runs a command with all ranks; where this one fails, the others end too and are told why.</summary>
    /// <param name="context">The context of the call; ranks other than 0 say nothing but their last line.</param>
    /// <param name="options">Which rank this is.</param>
    /// <param name="work">Does the work and says how it ended, and how many rows this rank had.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CollectiveException">Another rank failed, or the ranks do not go together.</exception>
    public static int Execute(CommandContext context, RankOptions options, Func<CommandContext, ProcessGroup, (int Code, long Rows)> work)
    {
        if (options.Size == 1)
        {
            return work(context, new ProcessGroup(SingleRank.Instance)).Code;
        }

        using var ranks = TcpCollective.Join(
            options, [("gmt", GmtVersion.Text), ("the command", context.Arguments.CommandResult.Command.Name)]);
        if (ranks is { Rank: 0, WhyNotGloo: { } problem })
        {
            context.Terminal.Error.WriteLine($"sums go over our own connections, for Gloo cannot be used: {problem}");
        }

        (int code, long rows) ended;
        try
        {
            ended = work(options.Rank == 0 ? context : Silent(context), new ProcessGroup(ranks));
            ranks.Leave();
        }
        catch (Exception e) when (e is not CollectiveException)
        {
            ranks.Abort(FailureText.Of(e).Split('\n')[0].TrimEnd());
            throw;
        }

        context.Terminal.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"rank {ranks.Rank} of {ranks.Size}: {ended.rows:n0} rows, {ranks.BytesSent:n0} bytes sent"));
        return ended.code;
    }

    private static CommandContext Silent(CommandContext context) =>
        context with { Terminal = context.Terminal with { Output = TextWriter.Null, Error = TextWriter.Null } };
}
