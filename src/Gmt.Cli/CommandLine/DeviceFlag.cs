using System.CommandLine;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Where PyTorch shall compute. The scripts fall back to the CPU where there is no CUDA; here everything runs on the CPU.</summary>
internal sealed partial class DeviceFlag
{
    /// <summary>The option.</summary>
    public Option<string> Option { get; } = Flag.Text(
        "--device", "Taken for compatibility, cpu, cuda or cuda:N: this command runs on the CPU.", "cuda", "NAME");

    /// <summary>Refuses what PyTorch would not take for a device where it has one.</summary>
    /// <exception cref="CommandFailure">It is none.</exception>
    public void Check(CommandContext context)
    {
        if (!Device().IsMatch(context.Get(Option)))
        {
            throw new CommandFailure($"--device: '{context.Get(Option)}' is no device; cpu, cuda and cuda:0 are (mps and xpu too, and all mean the CPU here)");
        }
    }

    [GeneratedRegex(@"^(cpu|cuda|mps|xpu)(:(0|[1-9][0-9]{0,2}))?\z")]
    private static partial Regex Device();
}
