using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Where a command computes. As in the scripts the CPU takes the place of a GPU that is not there.</summary>
internal sealed partial class DeviceFlag
{
    /// <summary>The option.</summary>
    public Option<string> Option { get; } = Flag.Text(
        "--device", "Where it computes: cpu, cuda or cuda:N; the CPU where libtorch sees no GPU.", "cuda", "NAME");

    /// <summary>The first GPU, or the CPU where there is none: where commands compute whose scripts have no such flag.</summary>
    public static Device Automatic => ComputeDevice.Find("cuda", fallBackToCpu: true);

    /// <summary>Has a context of ML.NET compute where <see cref="Automatic"/> is.</summary>
    public static void ChooseAutomatic(MLContext ml) => (ml.GpuDeviceId, ml.FallbackToCpu) = (0, true);

    /// <summary>Refuses what PyTorch would not take for a device where it has one.</summary>
    /// <exception cref="CommandFailure">It is none.</exception>
    public void Check(CommandContext context)
    {
        if (!Known().IsMatch(context.Get(Option)))
        {
            throw new CommandFailure(
                $"--device: '{context.Get(Option)}' is no device; cpu, cuda and cuda:0 are (mps and xpu too, and mean the CPU here)");
        }
    }

    /// <summary>Has a context of ML.NET compute there.</summary>
    public void Choose(CommandContext context, MLContext ml)
    {
        string[] parts = context.Get(Option).Split(':');
        ml.GpuDeviceId = parts[0] != "cuda" ? null : parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        ml.FallbackToCpu = true;
    }

    /// <summary>The device.</summary>
    public Device Find(CommandContext context) =>
        context.Get(Option) is var name && name.StartsWith("cuda", StringComparison.Ordinal)
            ? ComputeDevice.Find(name, fallBackToCpu: true)
            : CPU;

    [GeneratedRegex(@"^(cpu|cuda|mps|xpu)(:(0|[1-9][0-9]{0,2}))?\z")]
    private static partial Regex Known();
}
