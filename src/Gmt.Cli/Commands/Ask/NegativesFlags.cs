using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Which false triples a model is judged by: those that the data label so, or drawn ones.</summary>
internal sealed class NegativesFlags
{
    private const string Auto = "auto", Labels = "labels", Typed = "typed", Uniform = "uniform";

    private readonly Option<string> _negatives = Flag.Choice(
        "--negatives",
        "The false triples to judge by: labels (what the data label false), typed (drawn: heads or tails that this relation has "
        + "elsewhere), uniform (drawn: any entity); auto is labels where the data have some, else typed.",
        Auto, Labels, Typed, Uniform);

    private readonly Option<int> _seed = Flag.Integer(
        "--seed", "Decides which false triples and which candidates are drawn, and how the triples are halved for --accept.",
        RandomStreams.DefaultSeed, least: int.MinValue);

    /// <summary>The options.</summary>
    public Option[] All => [_negatives, _seed];

    /// <summary>A random stream of the seed.</summary>
    public CounterRandom Stream(CommandContext context, string purpose) => new RandomStreams(context.Get(_seed)).Stream(purpose);

    /// <summary>The seed of what is drawn.</summary>
    public int Seed(CommandContext context) => context.Get(_seed);

    /// <summary>The triples of a split with their labels; null where only labels are wanted and the data have none.</summary>
    /// <remarks>
    /// Drawn ones are those of <see cref="KnowledgeGraphDataViews.ToDataView"/>, one for each true triple, so that no negative is a triple
    /// known to be true; where every corruption of a triple is known, it has none. They are asked as any question is: what they were drawn
    /// from is not hidden, as it is where a transformer reads that view's <c>ReplacedHead</c> and <c>ReplacedTail</c>.
    /// </remarks>
    /// <param name="context">The command's arguments.</param>
    /// <param name="graph">The graph whose triples they are.</param>
    /// <param name="own">The model's graph: that one, or another of the same ids, whose facts of any split are known as well.</param>
    /// <param name="split">The split.</param>
    public JudgedTriples? Of(CommandContext context, KnowledgeGraph graph, KnowledgeGraph own, GraphSplit split)
    {
        string chosen = context.Get(_negatives), name = split.ToString().ToLowerInvariant();
        bool isLabeled = !graph.Negatives(split).IsEmpty;
        if (chosen == Labels && !isLabeled)
        {
            return null;
        }

        if (chosen == Labels || (chosen == Auto && isLabeled))
        {
            (Triple, bool)[] labeled = [.. Rows(new LabeledTripleRows(graph, split))];
            return new JudgedTriples(
                labeled, string.Create(CultureInfo.InvariantCulture, $"{labeled.Length:N0} labeled {name} triples"), AreDrawn: false);
        }

        NegativeSampling sampling = chosen == Uniform ? NegativeSampling.Filtered : NegativeSampling.Typed;
        KnownTriples known = graph == own ? KnowledgeGraphDataViews.KnownBy(graph, split) : new(own, graph.TripleMemory(split));
        TripleRows sampled = KnowledgeGraphDataViews.SampledRows(
            graph, split, negativesPerPositive: 1, sampling, context.Get(_seed), () => known, own);
        (Triple, bool)[] rows = [.. Rows(sampled).Where(row => row.Label || !known.Contains(row.Triple))];
        if (rows.Length < sampled.Count)
        {
            context.Terminal.Warn(
                $"{sampled.Count - rows.Length} {name} triples have no negative: every other head and tail makes a known triple");
        }

        string words = sampling == NegativeSampling.Typed ? Typed : Uniform;
        return new JudgedTriples(rows, string.Create(
            CultureInfo.InvariantCulture,
            $"{rows.Length:N0} {name} triples, {rows.Count(row => !row.Item2):N0} of them negatives drawn for judging "
            + $"({_negatives.Name} {words} {_seed.Name} {context.Get(_seed)})"), AreDrawn: true);
    }

    private static IEnumerable<(Triple Triple, bool Label)> Rows(TripleRows rows)
    {
        for (long row = 0; row < rows.Count; row++)
        {
            (Triple triple, bool label, _) = rows[row];
            yield return (triple, label);
        }
    }
}

/// <summary>Triples to judge a model by.</summary>
/// <param name="Statements">The triples and their labels.</param>
/// <param name="Description">How many they are, and where the false ones come from.</param>
/// <param name="AreDrawn">Whether the false ones were drawn, and nobody says that they are false.</param>
internal sealed record JudgedTriples((Triple Triple, bool Label)[] Statements, string Description, bool AreDrawn);
