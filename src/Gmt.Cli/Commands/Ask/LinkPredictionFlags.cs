using System.CommandLine;
using System.Globalization;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Link prediction on the triples of a split: among which entities answers are ranked, and which figures are shown.</summary>
internal sealed class LinkPredictionFlags
{
    private const string All = "all", Typed = "typed", Sampled = "sampled";

    private static readonly int[] Shown = [1, 3, 10];
    private static readonly RankSide?[] Sides = [null, RankSide.Head, RankSide.Tail];

    private readonly Option<bool> _none = Flag.Switch("--no_links", "Leaves link prediction out.");
    private readonly Option<string> _among = Flag.Choice(
        "--rank_among",
        "The entities that answers are ranked among: all, typed (those at this side of the relation in a training triple), sampled "
        + "(drawn for each question). Figures among few entities are better than those among all, and say less.",
        All, Typed, Sampled);

    private readonly Option<int> _samples = Flag.Integer(
        "--samples", "How many entities are drawn for each question.", 500, least: 1, most: 1_000_000_000);
    private readonly Option<bool> _byRelation = Flag.Switch(
        "--by_relation", "Shows link prediction for each relation, by its name; its label stands beside it.");
    private readonly Option<bool> _allMetrics = Flag.Switch(
        "--all_metrics", "Shows every figure of link prediction, by PyKEEN's names, for each side and way of breaking ties.");

    /// <summary>The options.</summary>
    public Option[] Options => [_among, _samples, _byRelation, _allMetrics, _none];

    /// <summary>Refuses options that contradict each other, before any work.</summary>
    /// <exception cref="UsageError">Some do.</exception>
    public void Check(CommandContext context)
    {
        if (context.IsGiven(_samples) && context.Get(_among) != Sampled)
        {
            throw new UsageError($"{_samples.Name} has no use here: it belongs to {_among.Name} {Sampled}");
        }
    }

    /// <summary>Ranks the triples of a split; null where that is left out.</summary>
    /// <param name="context">The command's arguments.</param>
    /// <param name="model">The model.</param>
    /// <param name="graph">The graph whose triples are ranked, with the ids of the model's.</param>
    /// <param name="split">The split.</param>
    /// <param name="seed">Decides which candidates are drawn.</param>
    /// <param name="rows">The processes that share the triples.</param>
    public RankedLinks? Rank(
        CommandContext context, FactModel model, KnowledgeGraph graph, GraphSplit split, int seed, SharedRows rows)
    {
        if (context.Get(_none))
        {
            return null;
        }

        Triple[] triples = graph.Triples(split).ToArray();
        (EntityCandidates? candidates, string among) = Candidates(context, model.Graph, seed);
        using var progress = new RowProgress(context.Terminal, "ranks", rows.Of(triples.Length).Count);
        IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(
            rows.Ranks, model.Scorer, triples, new KnownTriples(model.Graph, triples), model.Mask, candidates, rows.Counting(progress),
            context.Interruption.Token);
        LinkPredictionMetrics metrics = EntityRanking.Metrics(
            ranks, relation => model.Graph.Relations[relation], RankingMetrics.DefaultHitsAt,
            new KnownTriples(model.Graph, GraphSplit.Train));
        string title = string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Source}: link prediction of {model.ScorerName} on {triples.Length:N0} {split.ToString().ToLowerInvariant()} triples, "
            + $"{among}, filtered");
        Report report = ModelReport.Titled(model, title)
            .With("left out for unknown names", triples.Length - ranks.Count)
            .With(new ReportTable("ranks", Columns("side"), [.. Sides.Select(side => Row([Name(side)], Of(metrics, side).Realistic))]))
            .With(new ReportTable(
                "ranks by half-links in training triples", Columns("head and relation", "relation and tail"),
                [.. metrics.ByHalfLinks.Select(seen => Row(Halves(seen.Key), seen.Value.Both.Realistic))]));
        if (context.Get(_byRelation))
        {
            report.With(new ReportTable("relations", Columns("relation", "label"), [.. metrics.ByRelation.Select(relation => Row(
                [relation.Key, model.Graph.RelationText(model.Graph.Relations.GetId(relation.Key))], relation.Value.Both.Realistic))]));
        }

        if (context.Get(_allMetrics))
        {
            report.With(Everything(metrics));
        }

        return new RankedLinks(report, metrics, ranks);
    }

    private (EntityCandidates? Candidates, string Among) Candidates(CommandContext context, KnowledgeGraph graph, int seed) =>
        context.Get(_among) switch
        {
            Typed => (EntityCandidates.Typed(graph), "ranked among entities that training triples have at this side of the relation"),
            Sampled => (EntityCandidates.Sampled(context.Get(_samples), seed), string.Create(
                CultureInfo.InvariantCulture, $"ranked among {context.Get(_samples):N0} entities drawn for each question (seed {seed})")),
            _ => (null, "all entities ranked"),
        };

    private static ReportTable Everything(LinkPredictionMetrics metrics) => new(
        "all metrics", ["metric", "side", .. Enum.GetNames<RankType>().Select(type => type.ToLowerInvariant())],
        [
            .. metrics.Both.Realistic.ToDictionary().Keys.SelectMany(name => Sides.Select(side => (object?[])
            [
                name, Name(side), .. Enum.GetValues<RankType>().Select(type => (object?)Of(metrics, side).Of(type).ToDictionary()[name]),
            ])),
        ]);

    private static SideMetrics Of(LinkPredictionMetrics metrics, RankSide? side) => side switch
    {
        RankSide.Head => metrics.Head,
        RankSide.Tail => metrics.Tail,
        _ => metrics.Both,
    };

    private static string Name(RankSide? side) => side is { } one ? one.ToString().ToLowerInvariant() : "both";

    private static string[] Halves(HalfLinks seen) =>
        [Word(seen.HasFlag(HalfLinks.HeadRelation)), Word(seen.HasFlag(HalfLinks.RelationTail))];

    private static string Word(bool isSeen) => isSeen ? "seen" : "unseen";

    private static string[] Columns(params string[] first) =>
        [.. first, "queries", "MRR", .. Shown.Select(k => $"Hits@{k}"), "mean rank", "AMRI"];

    private static object?[] Row(string[] first, RankingMetrics metrics) =>
    [
        .. first, metrics.Count, metrics.MeanReciprocalRank, .. Shown.Select(k => (object)metrics.HitsAt[k]),
        metrics.MeanRank, metrics.AdjustedMeanRankIndex,
    ];
}
