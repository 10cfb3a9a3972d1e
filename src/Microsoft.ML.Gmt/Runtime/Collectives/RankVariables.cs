namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Reads which rank a process is from the variables that launchers set: torchrun's, else Slurm's, else Open MPI's; without any it is alone.
/// </summary>
internal static class RankVariables
{
    private const int SlurmPorts = 15_000;

    /// <summary>What the variables say.</summary>
    /// <param name="environment">Values of variables; null where one is not set.</param>
    /// <exception cref="ArgumentException">A variable is missing or malformed; the message names it.</exception>
    public static RankOptions Read(Func<string, string?> environment)
    {
        RankOptions options =
            Is(environment, "WORLD_SIZE") || Is(environment, "RANK") ? Torchrun(environment)
            : Is(environment, "SLURM_STEP_ID") && Is(environment, "SLURM_PROCID") ? Slurm(environment)
            : Is(environment, "OMPI_COMM_WORLD_SIZE") ? OpenMpi(environment)
            : new RankOptions(0, 1) { LocalRank = Number(environment, "LOCAL_RANK", 0) };
        if (options.Size < 1 || options.Rank < 0 || options.Rank >= options.Size)
        {
            throw new ArgumentException($"The launcher's variables say rank {options.Rank} of {options.Size}; ranks count from 0.");
        }

        int seconds = Number(environment, "GMT_RANK_TIMEOUT", (int)RankOptions.DefaultTimeout.TotalSeconds);
        return seconds is < 1 or > 1_000_000
            ? throw new ArgumentException($"GMT_RANK_TIMEOUT is {seconds}; seconds from 1 to 1,000,000 are expected.")
            : options with
            {
                Interface = environment("GMT_INTERFACE") ?? "",
                Timeout = TimeSpan.FromSeconds(seconds),
                Engine = CollectiveEngines.Named(environment("GMT_COLLECTIVE") ?? ""),
                StoreFolder = environment("GMT_COLLECTIVE_STORE") ?? "",
            };
    }

    private static RankOptions Torchrun(Func<string, string?> environment)
    {
        int size = Number(environment, "WORLD_SIZE", 1);
        return new RankOptions(Number(environment, "RANK", size > 1 ? null : 0), size)
        {
            LocalRank = Number(environment, "LOCAL_RANK", 0),
            Host = Host(environment),
            Port = Port(environment, RankOptions.DefaultPort),
            Run = environment("TORCHELASTIC_RUN_ID") ?? "",
        };
    }

    /// <summary>Tasks of a step that srun started; the shell of a batch script is none.</summary>
    private static RankOptions Slurm(Func<string, string?> environment)
    {
        string job = environment("SLURM_JOB_ID") ?? "";
        int tasks = Number(environment, "SLURM_STEP_NUM_TASKS", Number(environment, "SLURM_NTASKS", 1));
        string nodes = environment("SLURM_STEP_NODELIST") ?? environment("SLURM_JOB_NODELIST") ?? "";
        return new RankOptions(Number(environment, "SLURM_PROCID", null), tasks)
        {
            LocalRank = Number(environment, "SLURM_LOCALID", 0),
            Host = Is(environment, "MASTER_ADDR") || nodes.Length == 0 ? Host(environment) : FirstNode(nodes),
            Port = Port(environment, SlurmPorts + (int.TryParse(job.AsSpan(Math.Max(0, job.Length - 4)), out int last) ? last : 0)),
            Run = $"Slurm {job}.{environment("SLURM_STEP_ID")}",
        };
    }

    private static RankOptions OpenMpi(Func<string, string?> environment)
    {
        int size = Number(environment, "OMPI_COMM_WORLD_SIZE", 1);
        bool isSpread = Number(environment, "OMPI_COMM_WORLD_LOCAL_SIZE", size) < size;
        return isSpread && !Is(environment, "MASTER_ADDR")
            ? throw new ArgumentException(
                "MASTER_ADDR is not set: with Open MPI on several hosts, set it to the host of rank 0 (mpirun -x MASTER_ADDR).")
            : new RankOptions(Number(environment, "OMPI_COMM_WORLD_RANK", size > 1 ? null : 0), size)
            {
                LocalRank = Number(environment, "OMPI_COMM_WORLD_LOCAL_RANK", 0),
                Host = Host(environment),
                Port = Port(environment, RankOptions.DefaultPort),
                Run = environment("PMIX_NAMESPACE") ?? "",
            };
    }

    /// <summary>The first host of a list such as <c>gpu[07-09,12],login</c>.</summary>
    internal static string FirstNode(string nodes)
    {
        int open = nodes.IndexOf('[', StringComparison.Ordinal), comma = nodes.IndexOf(',', StringComparison.Ordinal);
        if (open < 0 || (comma >= 0 && comma < open))
        {
            return comma < 0 ? nodes : nodes[..comma];
        }

        string numbers = nodes[(open + 1)..];
        int end = numbers.IndexOfAny(['-', ',', ']']), close = numbers.IndexOf(']', StringComparison.Ordinal);
        if (end < 0 || close < 0)
        {
            throw new ArgumentException(
                $"The list of Slurm's nodes is '{nodes}', which is not understood; set MASTER_ADDR to the host of rank 0.");
        }

        string suffix = numbers[(close + 1)..].Split(',')[0];
        return nodes[..open] + numbers[..end] + suffix;
    }

    private static string Host(Func<string, string?> environment) =>
        environment("MASTER_ADDR") is { Length: > 0 } host ? host : "127.0.0.1";

    /// <summary>
    /// Rank 0's port. An agent of torchrun that keeps PyTorch's store listens at MASTER_PORT itself: then it is the one above.
    /// </summary>
    private static int Port(Func<string, string?> environment, int otherwise)
    {
        int port = Number(environment, "MASTER_PORT", otherwise) + (environment("TORCHELASTIC_USE_AGENT_STORE") == "True" ? 1 : 0);
        return port is >= 1 and <= 65_535 ? port
            : throw new ArgumentException($"The port of rank 0 is {port} (MASTER_PORT); 1 to 65,535 are expected.");
    }

    private static bool Is(Func<string, string?> environment, string name) => environment(name) is { Length: > 0 };

    private static int Number(Func<string, string?> environment, string name, int? otherwise) =>
        environment(name) is not { Length: > 0 } text
            ? otherwise ?? throw new ArgumentException(
                $"{name} is not set, and there are several processes: the launcher must number them.")
        : PythonNumber.TryParseInteger(text, out int number) ? number
        : throw new ArgumentException($"{name} is '{text}'; a whole number is expected.");
}
