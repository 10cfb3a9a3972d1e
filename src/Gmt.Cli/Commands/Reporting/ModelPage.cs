using System.Globalization;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>What there is to say of a model, as a page.</summary>
/// <param name="model">The model.</param>
/// <param name="graph">The graph whose triples it was judged by.</param>
/// <param name="evaluated">What came of it.</param>
/// <param name="random">Draws rows for intervals.</param>
internal sealed class ModelPage(FactModel model, KnowledgeGraph graph, Evaluated evaluated, CounterRandom random)
{
    private static readonly int[] Hits = [1, 3, 10];

    private readonly FigureIntervals _intervals = new(random);
    private readonly string _name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(model.Source)));

    /// <summary>Makes the page.</summary>
    /// <param name="others">Counts of the triples of <c>--data</c>; null where there are none.</param>
    /// <param name="facts">How many facts are shown with their evidence, of each kind.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public HtmlPage Make(Report? others, int facts, CancellationToken cancellationToken)
    {
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        var page = new HtmlPage($"Report on {_name}", $"Written on {date} UTC by gmt {GmtVersion.Text}.");
        HtmlSection figures = page.Section("Figures");
        AddVerdicts(figures);
        AddLinks(figures);
        ReportPlots.Add(page.Section("Plots"), evaluated, model);
        AddFacts(page.Section("Best and worst facts"), facts, cancellationToken);
        HtmlSection data = page.Section("Data");
        if (others is not null)
        {
            data.Report(others);
        }

        data.Table(DataIdentity.Of(graph)).Report(GraphReport.Summary("The graph of the model", model.Graph));
        ReportPlots.Add(data, model.Graph);
        HtmlSection identity = page.Section("Model");
        foreach (Report report in ModelIdentity.Of(model, _name))
        {
            identity.Report(report);
        }

        page.Section("Environment").Report(ReportEnvironment.Of());
        return page;
    }

    private void AddVerdicts(HtmlSection section)
    {
        if (evaluated is not { Triples: { } triples, Verdicts: { } report })
        {
            return;
        }

        section.Paragraph(
            "Intervals hold for triples drawn like these, with confidence 95 %: of shares by Wilson's score, of other figures by the "
            + "percentiles of 1,000 bootstrap samples.");
        if (triples.AreDrawn)
        {
            section.Paragraph("The false triples were drawn for judging, not labeled: figures hold for such false triples.");
        }

        section.Report(report, $"Verdicts on {triples.Description}", _intervals.OfVerdicts(evaluated.Judged, model.HasVerdicts));
    }

    private void AddLinks(HtmlSection section)
    {
        if (evaluated.Links is not { } links)
        {
            return;
        }

        RankingMetrics both = links.Metrics.Both.Realistic;
        section.Table(new ReportTable(
            links.Report.Title.Replace($"{model.Source}: ", "", StringComparison.Ordinal) is { Length: > 0 } title
                ? char.ToUpperInvariant(title[0]) + title[1..] : "Link prediction",
            ["figure of both sides", "value", "95 % interval"],
            [
                ["MRR", both.MeanReciprocalRank, _intervals.OfMean(links.Ranks, rank => 1 / rank.Realistic)],
                .. Hits.Select(k => (object?[])
                    [$"Hits@{k}", both.HitsAt[k], _intervals.OfMean(links.Ranks, rank => rank.Realistic <= k ? 1 : 0)]),
                ["mean rank", both.MeanRank, _intervals.OfMean(links.Ranks, rank => rank.Realistic)],
            ]));
        section.Report(links.Report, "Link prediction");
    }

    private void AddFacts(HtmlSection section, int count, CancellationToken cancellationToken)
    {
        var surest = new SurestVerdicts(model);
        ReportTable[] tables = model.HasVerdicts && evaluated.Triples is { } triples
            ? [.. surest.Of(triples, evaluated.Judged, count, cancellationToken)]
            : evaluated.Links is { } links ? [.. surest.Of(links.Ranks, count)] : [];
        foreach (ReportTable table in tables)
        {
            section.Table(table);
        }

        if (tables.All(table => table.Rows.Count == 0))
        {
            section.Paragraph("None are shown.");
        }
    }
}
