using System.Diagnostics;

namespace Microsoft.ML.Gmt.Tests.Runtime;

/// <summary>Runs <c>tests/Probe</c> in a process of its own.</summary>
internal static class ProbeProcess
{
    /// <summary>The folder of the built probe.</summary>
    public static string Folder
    {
        get
        {
            string output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            string configuration = Path.GetFileName(Path.GetDirectoryName(output)!);
            return Path.Combine(Goldens.RepositoryRoot, "tests", "Probe", "bin", configuration, Path.GetFileName(output));
        }
    }

    /// <summary>Starts the probe; environment variables given replace those of this process, null removes one.</summary>
    /// <param name="words">Its arguments, blanks between them.</param>
    /// <param name="environment">Name and value of variables.</param>
    public static Process Start(string words, params (string Name, string? Value)[] environment) => StartIn(Folder, words, environment);

    /// <summary>Starts a copy of the probe.</summary>
    public static Process StartIn(string folder, string words, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { Path.Combine(folder, "Probe.dll") },
        };
        foreach (string word in words.Split(' '))
        {
            start.ArgumentList.Add(word);
        }

        string[] read =
        [
            "GMT_CACHE", "GMT_NATIVE", "GMT_TORCH_DIR", "GMT_TORCH_LOADER", "GMT_MKL_AMD", "DOTNET_EnableAVX512", "DOTNET_EnableAVX2",
        ];
        foreach (string variable in read)
        {
            start.Environment.Remove(variable);
        }

        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Waits for the end; exit code, output and error text, both trimmed.</summary>
    public static (int ExitCode, string Output, string Error) Finish(Process process)
    {
        using (process)
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            Assert.IsTrue(process.WaitForExit(TimeSpan.FromMinutes(2)), "The probe did not end.");
            return (process.ExitCode, output.Trim(), error.Result.Trim());
        }
    }

    /// <summary>Starts the probe and waits for its end.</summary>
    public static (int ExitCode, string Output, string Error) Run(string words, params (string Name, string? Value)[] environment) =>
        Finish(Start(words, environment));
}
