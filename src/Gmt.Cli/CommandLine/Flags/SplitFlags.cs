using System.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>How a graph is divided that comes without validation and test triples (<see cref="KnowledgeGraph.Split"/>).</summary>
internal sealed class SplitFlags
{
    private static readonly OptionRangeAttribute Share = new(0, 1) { IsBelowMost = true };

    private readonly Option<double> _validation = Flag.Number(
        "--validation_fraction", "The share of the triples held out to choose the epoch by; 0 for none.", GraphDivision.DefaultFraction,
        Share);
    private readonly Option<double> _test = Flag.Number(
        "--test_fraction", "The share of the triples held out to judge by; 0 for none.", GraphDivision.DefaultFraction,
        Share);
    private readonly Option<int> _seed = Flag.Integer(
        "--split_seed", "Decides which triples are held out, whatever --seed is.", RandomStreams.DefaultSeed, least: int.MinValue);

    /// <summary>All options.</summary>
    public Option[] All => [_validation, _test, _seed];

    /// <summary>Whether one of them was given.</summary>
    public bool IsGiven(CommandContext context) => All.Any(context.IsGiven);

    /// <summary>The division that the options tell.</summary>
    /// <exception cref="UsageError">The fractions leave nothing to learn from.</exception>
    public GraphDivision Division(CommandContext context)
    {
        var division = new GraphDivision(context.Get(_validation), context.Get(_test), context.Get(_seed));
        return division.ValidationFraction + division.TestFraction < 1 ? division
            : throw new UsageError($"{_validation.Name} and {_test.Name} leave nothing to learn from: together they must be below 1");
    }
}
