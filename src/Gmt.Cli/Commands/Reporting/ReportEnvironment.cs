using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>What computed the figures: versions and the processor, and nothing of who did it where.</summary>
internal static class ReportEnvironment
{
    /// <summary>As a report.</summary>
    public static Report Of() => new Report("What computed this report")
        .With("gmt", GmtVersion.Text)
        .With(".NET", RuntimeInformation.FrameworkDescription)
        .With("ML.NET", GmtVersion.Of(typeof(MLContext)))
        .With("TorchSharp", GmtVersion.Of(typeof(torch)))
        .With("libtorch", torch.__version__)
        .With("native kernels", NativeKernels.IsAvailable)
        .With("system", RuntimeInformation.OSDescription)
        .With("architecture", $"{RuntimeInformation.ProcessArchitecture}")
        .With("processor", Processor())
        .With("logical processors", Environment.ProcessorCount);

    private static string? Processor()
    {
        const string file = "/proc/cpuinfo";
        return File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
    }
}
