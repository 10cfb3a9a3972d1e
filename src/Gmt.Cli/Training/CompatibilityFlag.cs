using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;

namespace Microsoft.ML.Gmt.Cli.Training;

/// <summary>Whether a command does and prints exactly what the Python script does; the commands with the scripts' names always do.</summary>
/// <param name="always">Whether the command has a script's name.</param>
internal sealed class CompatibilityFlag(bool always)
{
    private readonly Option<bool> _compatible = Flag.Switch("--compat", "Does and prints exactly what the Python script does.");

    /// <summary>The option, where there is a choice.</summary>
    public Option[] All => always ? [] : [_compatible];

    /// <summary>Whether compatibility is asked for.</summary>
    public bool IsOn(CommandContext context) => always || context.Get(_compatible);
}
