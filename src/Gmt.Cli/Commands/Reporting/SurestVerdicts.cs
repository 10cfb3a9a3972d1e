using System.Globalization;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>The facts that a model judges best and worst, and by what: the surest of the right verdicts and of the wrong ones.</summary>
/// <param name="model">The model.</param>
internal sealed class SurestVerdicts(FactModel model)
{
    private const int Evidence = 3;

    /// <summary>The right ones, and the wrong ones.</summary>
    /// <param name="triples">The triples.</param>
    /// <param name="judged">Their verdicts.</param>
    /// <param name="count">How many of each.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public IEnumerable<ReportTable> Of(JudgedTriples triples, JudgedStatement[] judged, int count, CancellationToken cancellationToken)
    {
        foreach ((string title, bool isRight) in new[] { ("Surest right verdicts", true), ("Surest wrong verdicts", false) })
        {
            int[] rows =
            [
                .. Enumerable.Range(0, judged.Length).Where(row => judged[row].PredictedLabel == judged[row].Label == isRight)
                    .OrderByDescending(row => Math.Abs(judged[row].Score)).Take(count),
            ];
            yield return new ReportTable(title, ["fact", "holds", "verdict", "probability", "evidence"],
            [
                .. rows.Select(row => (object?[])
                [
                    model.Graph.TripleText(triples.Statements[row].Triple), judged[row].Label, judged[row].PredictedLabel,
                    (double)judged[row].Probability, Reasons(triples.Statements[row].Triple, cancellationToken),
                ]),
            ]);
        }
    }

    /// <summary>Of a model without verdicts: the triples whose entities are found first, and last.</summary>
    public IEnumerable<ReportTable> Of(IReadOnlyList<TripleRanks> ranks, int count)
    {
        TripleRanks[] sorted = [.. ranks.OrderBy(rank => (1 / rank.Head.Realistic) + (1 / rank.Tail.Realistic))];
        yield return Ranked("Facts whose entities are found first", Enumerable.Reverse(sorted).Take(count));
        yield return Ranked("Facts whose entities are found last", sorted.Take(count));
    }

    private ReportTable Ranked(string title, IEnumerable<TripleRanks> ranks) => new(
        title, ["fact", "rank of the head", "rank of the tail"],
        [.. ranks.Select(rank => (object?[])[model.Graph.TripleText(rank.Triple), rank.Head.Realistic, rank.Tail.Realistic])]);

    private string[] Reasons(Triple triple, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (model.PathModel is { } paths)
        {
            return [.. paths.ExplainPaths(triple, RankSide.Tail, Evidence).Select(Text)];
        }

        VerdictExplanation why = model.Stage2!.ExplainVerdicts([triple], model.Featurizers, Evidence, Evidence, cancellationToken)[0];
        return
        [
            .. why.Features.Select(feature => Text("feature, effect", feature.Effect, feature.Name)),
            .. why.Paths.SelectMany(reason => reason.Paths.Take(1)).Select(Text),
            .. why.Edges.Select(edge => Text("edge, attention", edge.Weight, model.Graph.TripleText(edge.Fact))),
        ];
    }

    private string Text(ExplainedPath path) => Text("path, weight", path.Weight, path.Text(model.Graph));

    private static string Text(string kind, double weight, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind} {weight:0.###}: {what}");
}
