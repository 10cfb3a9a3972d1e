using System.CommandLine;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>The seed of a training run.</summary>
internal sealed class SeedFlag
{
    /// <summary>The option.</summary>
    public Option<int> Option { get; } = Flag.Integer(
        "--seed", "Decides every random draw.", RandomStreams.DefaultSeed,
        least: int.MinValue, most: int.MaxValue);

    /// <summary>The seed.</summary>
    public int Of(CommandContext context) => context.Get(Option);
}
