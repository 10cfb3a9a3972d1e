using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.Gmt.Cli;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>What a call of <c>gmt</c> left: exit code, results, messages.</summary>
internal sealed record GmtRun(int ExitCode, string Output, string Error)
{
    /// <summary>The program, as it was built with these tests.</summary>
    public static string Program
    {
        get
        {
            string output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            string configuration = Path.GetFileName(Path.GetDirectoryName(output)!);
            return Path.Combine(Goldens.RepositoryRoot, "src", "Gmt.Cli", "bin", configuration, Path.GetFileName(output), "gmt.dll");
        }
    }

    /// <summary>Runs a command line in this process.</summary>
    public static GmtRun Of(params string[] arguments) => OfInput("", arguments);

    /// <summary>Runs a command line in this process, with text piped in.</summary>
    public static GmtRun OfInput(string input, params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = GmtCommandLine.Run(arguments, new Terminal(new StringReader(input), output, error), Interruption.None);
        return new GmtRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command line that succeeds and gives its results to programs.</summary>
    public static JsonElement Json(params string[] arguments) =>
        JsonDocument.Parse(Of([.. arguments, "--json"]).Succeeded().Output).RootElement;

    /// <summary>Runs a command line that fails and prints no results, and returns what it says.</summary>
    public static string Failed(params string[] arguments)
    {
        GmtRun run = Of(arguments);
        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Output);
        return run.Error;
    }

    /// <summary>Starts the program in a process of its own; on one thread, so that many may run beside each other.</summary>
    public static Process Start(params string[] arguments) => StartWith([], arguments);

    /// <summary>The same, with variables of the environment.</summary>
    public static Process StartWith(Dictionary<string, string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["OMP_NUM_THREADS"] = "1" },
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for the end of a process.</summary>
    public static GmtRun Finish(Process process)
    {
        using (process)
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new GmtRun(process.ExitCode, output, error.Result);
        }
    }

    /// <summary>The run, which must have been a success.</summary>
    public GmtRun Succeeded()
    {
        Assert.AreEqual(0, ExitCode, Error);
        return this;
    }
}
