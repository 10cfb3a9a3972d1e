using System.CommandLine;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Whether a training run has the same bits whatever the number of its processes.</summary>
internal sealed class ReproducibleFlag
{
    private readonly Option<bool> _flag = Flag.Switch(
        "--reproducible",
        "Computes each step in 12 parts, added in one order, so that up to 12 processes end with the bits of one; see docs/scale-out.md.");

    /// <summary>The flag itself.</summary>
    public Option Option => _flag;

    /// <summary>Whether it was given.</summary>
    public bool Of(CommandContext context) => context.Get(_flag);

    /// <summary>What a run's settings file says: nothing where the flag was not given, as before there was one.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Settings(CommandContext context) => Of(context) ? [context.Setting(_flag)] : [];
}
