using System.CommandLine;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>What the training commands of both stages offer beside the scripts' options.</summary>
/// <param name="better">What a later epoch has to be, to be better: <c>a better validation figure</c>, say.</param>
internal sealed class StrictTrainingFlags(string better)
{
    private readonly Option<bool> _noMask = Flag.Switch(
        "--no_mask_query", "Leaves the edges that state a triple in its own evidence, and in its neighbors' contexts.");
    private readonly Option<int> _patience = Flag.Integer(
        "--patience", $"Epochs without {better} after which training ends; 0 for no end.", 0, least: 0, most: 1_000_000);

    /// <summary>Whether the number of processes changes no bit.</summary>
    public ReproducibleFlag Reproducible { get; } = new();

    /// <summary>When training ends.</summary>
    public Option Patience => _patience;

    /// <summary>What is hidden of a triple.</summary>
    public Option NoMask => _noMask;

    /// <summary>What of a triple is hidden from its own evidence: everything, unless that is unwanted.</summary>
    public QueryMask Mask(CommandContext context) => context.Get(_noMask) ? QueryMask.None : QueryMask.Full;

    /// <summary>Epochs without a better one after which training ends; null for no end.</summary>
    public int? EarlyStoppingPatience(CommandContext context) => context.Get(_patience) is > 0 and var patience ? patience : null;
}
