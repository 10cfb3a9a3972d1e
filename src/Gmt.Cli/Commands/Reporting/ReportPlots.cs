using System.Globalization;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Puts plots into a page.</summary>
internal static class ReportPlots
{
    /// <summary>Adds those of an evaluation that there are rows for.</summary>
    public static void Add(HtmlSection section, Evaluated evaluated, FactModel model)
    {
        JudgedStatement[] judged = evaluated.Judged;
        if (judged.Any(row => row.Label) && judged.Any(row => !row.Label))
        {
            ScoreCurves curves = ScoreCurves.Of(judged.Select(row => ((double)row.Score, row.Label)));
            Add(section, "ROC curve", $"True over false positive rate; the area below is {Text(curves.AreaUnderRocCurve)}.",
                theme => curves.PlotRoc(theme));
            Add(section, "Precision and recall", $"Precision over recall; the average precision is {Text(curves.AveragePrecision)}.",
                theme => curves.PlotPrecisionRecall(theme));
        }

        if (model.HasVerdicts && judged.Length > 0)
        {
            CalibrationMetrics calibration = Calibration.Of(judged.Select(row => ((double)row.Probability, row.Label)));
            Add(section, "Reliability",
                $"Share that is true over the mean probability of bins; the expected error is {Text(calibration.ExpectedError)}.",
                theme => calibration.PlotReliability(theme));
        }

        if (evaluated.Links is { Metrics: { Both.Realistic.Count: > 0 } links })
        {
            Add(section, "Ranks", $"How often the right entity had which rank; the MRR is {Text(links.MeanReciprocalRank)}.",
                theme => links.PlotRanks(theme: theme));
            Add(section, "Hits by relation", "Hits@10 of the relations with most questions, for heads and for tails.",
                theme => links.PlotHitsByRelation(graph: model.Graph, theme: theme));
        }

        foreach ((string name, TrainingHistory history) in Histories(model).Where(run => run.History.Steps.Count > 0))
        {
            Add(section, $"Learning curve of {name}", string.Create(
                CultureInfo.InvariantCulture, $"Loss over {history.Steps.Count:n0} steps of training."),
                theme => history.PlotLearningCurves(theme: theme));
        }
    }

    /// <summary>Adds the degrees of a graph.</summary>
    public static void Add(HtmlSection section, KnowledgeGraph graph) =>
        Add(section, "Degrees", "The share of entities of at least each degree, on logarithmic axes.", theme => graph.PlotDegrees(theme));

    private static void Add(HtmlSection to, string title, string description, Func<PlotTheme, GmtPlot> plot) =>
        to.Picture(title, description, plot(PlotTheme.Light).ToSvg(), plot(PlotTheme.Dark).ToSvg());

    private static IEnumerable<(string Name, TrainingHistory History)> Histories(FactModel model)
    {
        if (model.Stage1 is { } first)
        {
            yield return ("stage 1", first.History);
        }

        if (model.Stage2 is { } second)
        {
            yield return ("stage 2", second.History);
        }

        if (model.Embedding is { } embedding)
        {
            yield return ("the embedding", embedding.History);
        }
    }

    private static string Text(double figure) => figure.ToString("0.###", CultureInfo.InvariantCulture);
}
