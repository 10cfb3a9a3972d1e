using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary>Whether a command does and prints exactly what the Python script does; the commands with the scripts' names always do.</summary>
/// <param name="always">Whether the command has a script's name.</param>
internal sealed class CompatibilityFlag(bool always)
{
    private readonly Option<bool> _compatible = Flag.Switch("--compat", "Does and prints exactly what the Python script does.");

    /// <summary>The option, where there is a choice.</summary>
    public Option[] All => always ? [] : [_compatible];

    /// <summary>Whether compatibility is asked for.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="required">Options that the script requires, and the command does not else.</param>
    /// <exception cref="UsageError">It is asked for, and such an option is missing.</exception>
    public bool IsOn(CommandContext context, params ReadOnlySpan<Option<string>> required)
    {
        bool isChosen = !always && context.Get(_compatible);
        foreach (Option<string> option in required)
        {
            if (isChosen && context.Get(option).Length == 0)
            {
                throw new UsageError($"with --compat, {option.Name} is required");
            }
        }

        return always || isChosen;
    }
}
