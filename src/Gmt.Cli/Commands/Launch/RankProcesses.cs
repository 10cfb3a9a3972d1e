using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>The processes of a launch: rank 0 with our streams, the others with files.</summary>
/// <remarks>
/// When one fails, the others hear of it from each other; those that do not end so are killed. Ctrl+C in a terminal reaches every process
/// by itself; a request to terminate is passed on. A second one ends all at once.
/// </remarks>
internal sealed partial class RankProcesses : IDisposable
{
    private const int Terminate = 15, LinesShown = 5;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50), ToEndAlone = TimeSpan.FromSeconds(25);

    private readonly Process?[] _processes;
    private readonly RankLog?[] _logs;
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _requests;
    private volatile bool _isTerminated;

    /// <summary>Starts all.</summary>
    /// <param name="command">The command and its arguments.</param>
    /// <param name="count">How many.</param>
    /// <param name="timeout">Seconds after which a silent rank is lost.</param>
    /// <param name="folder">Where the others' output goes.</param>
    public RankProcesses(string[] command, int count, int timeout, string folder)
    {
        (_processes, _logs) = (new Process?[count], new RankLog?[count]);
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear));
        try
        {
            Start(command, timeout, folder);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Waits for the end of all.</summary>
    /// <param name="context">Where to say what failed, and who may interrupt.</param>
    /// <returns>The exit code of the first that failed, or success.</returns>
    public int Run(CommandContext context)
    {
        Process[] all = [.. _processes.OfType<Process>()];
        int First() => Array.FindIndex(all, process => process.HasExited && process.ExitCode != 0);
        int failed = -1;
        long since = 0;
        bool isPassedOn = false;
        while (!Array.TrueForAll(all, process => process.HasExited))
        {
            bool isInterrupted = context.Interruption.Token.IsCancellationRequested;
            if (failed < 0 && !isInterrupted)
            {
                (failed, since) = (First(), Stopwatch.GetTimestamp());
            }

            if (failed >= 0 && Stopwatch.GetElapsedTime(since) > ToEndAlone)
            {
                KillAll();
            }

            // Without a terminal nobody but us was told to end.
            if (!isPassedOn && (_isTerminated || (isInterrupted && !context.Terminal.IsInputTerminal)))
            {
                isPassedOn = true;
                PassOn();
            }

            Thread.Sleep(Between);
        }

        Array.ForEach(_logs, log => log?.Finish());
        failed = failed < 0 ? First() : failed;
        if (failed < 0)
        {
            return ExitCode.Success;
        }

        int code = all[failed].ExitCode;
        if (!context.Interruption.Token.IsCancellationRequested)
        {
            Report(context.Terminal, failed, code);
        }

        return code is > 0 and < 128 ? code : ExitCode.Failure; // one that a signal ended has another
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        KillAll();
        _signals.ForEach(signal => signal.Dispose());
        foreach (RankLog? log in _logs)
        {
            log?.Dispose();
        }

        foreach (Process? process in _processes)
        {
            process?.Dispose();
        }
    }

    private void Start(string[] command, int timeout, string folder)
    {
        int count = _processes.Length, port = FreePort();
        string run = $"gmt launch {Guid.NewGuid():n}";
        for (int rank = 0; rank < count; rank++)
        {
            ProcessStartInfo start = Own(command);
            start.Environment["WORLD_SIZE"] = start.Environment["LOCAL_WORLD_SIZE"] = $"{count}";
            start.Environment["RANK"] = start.Environment["LOCAL_RANK"] = $"{rank}";
            start.Environment["MASTER_ADDR"] = "127.0.0.1";
            start.Environment["MASTER_PORT"] = $"{port}";
            start.Environment["TORCHELASTIC_RUN_ID"] = run;
            start.Environment.Remove("TORCHELASTIC_USE_AGENT_STORE");
            start.Environment.Remove("GMT_INTERFACE");
            start.Environment["GMT_RANK_TIMEOUT"] = $"{timeout}";
            start.Environment.TryAdd("OMP_NUM_THREADS", $"{Math.Max(1, Environment.ProcessorCount / count)}");
            bool isFirst = rank == 0;
            start.RedirectStandardOutput = start.RedirectStandardError = start.RedirectStandardInput = !isFirst;
            Process process = Process.Start(start)!;
            _processes[rank] = process;
            _logs[rank] = isFirst ? null : new RankLog(process, Path.Combine(folder, $"rank-{rank}.log"));
        }
    }

    private void Report(Terminal terminal, int rank, int code)
    {
        string where = _logs[rank] is { } log ? $"; its output is in {log.FilePath}, and ends so:" : "";
        terminal.Error.WriteLine($"gmt launch: rank {rank} ended with exit code {code}{where}");
        foreach (string line in _logs[rank]?.Last(LinesShown) ?? [])
        {
            terminal.Error.WriteLine($"  {line}");
        }
    }

    /// <summary>This program again, however it was started.</summary>
    private static ProcessStartInfo Own(string[] command)
    {
        string program = Environment.ProcessPath!, name = typeof(RankProcesses).Assembly.GetName().Name!;
        return Path.GetFileNameWithoutExtension(program) == name
            ? new ProcessStartInfo(program, command)
            : new ProcessStartInfo(program, ["exec", Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), .. command]);
    }

    private void Hear(PosixSignalContext signal)
    {
        _isTerminated |= signal.Signal == PosixSignal.SIGTERM;
        if (Interlocked.Increment(ref _requests) > 1)
        {
            KillAll(); // this process ends now
        }
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private void PassOn()
    {
        foreach (Process process in _processes.OfType<Process>().Where(process => !process.HasExited))
        {
            if (OperatingSystem.IsWindows())
            {
                process.Kill(entireProcessTree: true);
            }
            else
            {
                _ = Signal(process.Id, Terminate);
            }
        }
    }

    private void KillAll()
    {
        foreach (Process process in _processes.OfType<Process>().Where(process => !process.HasExited))
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
