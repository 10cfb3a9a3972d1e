using System.CommandLine;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>How a model is judged on a split of a graph: by verdicts on labeled triples, and by link prediction.</summary>
internal sealed class EvaluationFlags
{
    private const double Confidence = 0.95;

    private readonly Option<string> _split = Flag.Choice("--split", "The triples to judge by.", "test", "validation", "train");
    private readonly Option<bool> _thresholds = Flag.Switch(
        "--thresholds", "Also with a threshold for each relation, chosen by the labels of the validation triples.");
    private readonly Option<double> _accept = Flag.Number(
        "--accept",
        "Also which verdicts to accept so that, with confidence 0.95, at most this share of them is wrong: chosen by the labels of a "
        + "random half of the triples (--seed), judged by the other half. See docs/acceptance.md.",
        null, new OptionRangeAttribute(0, 1) { IsAboveLeast = true, IsBelowMost = true });
    private readonly LinkPredictionFlags _links = new();

    /// <summary>The options.</summary>
    public Option[] All => [_split, .. Negatives.All, _thresholds, _accept, .. _links.Options];

    /// <summary>Which false triples the model is judged by.</summary>
    public NegativesFlags Negatives { get; } = new();

    /// <summary>The split that is judged by.</summary>
    public GraphSplit Split(CommandContext context) =>
        context.Get(_split) switch { "test" => GraphSplit.Test, "validation" => GraphSplit.Validation, _ => GraphSplit.Train };

    /// <summary>Refuses what can be known to be wrong before any work.</summary>
    /// <exception cref="UsageError">Options contradict each other.</exception>
    public void Check(CommandContext context)
    {
        _links.Check(context);
        if (context.IsGiven(_accept))
        {
            AcceptanceSelection.Check(context.Get(_accept), Confidence);
        }
    }

    /// <summary>Refuses a graph without triples to judge by.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public void CheckTriples(CommandContext context, FactModel model)
    {
        if (model.Graph.Triples(Split(context)).IsEmpty)
        {
            throw new CommandFailure(model.PathModel is null
                ? $"the graph of {model.Source} has no {context.Get(_split)} triples to judge by: it was trained on all; "
                    + "'gmt pretrain' and graph.Split hold some out of graphs that come as one file"
                : $"the graph has no {context.Get(_split)} triples to judge by; --validation_fraction and --test_fraction hold some out of "
                    + "graphs that come as one file");
        }
    }

    /// <summary>Judges a model.</summary>
    /// <param name="context">The command's arguments.</param>
    /// <param name="model">The model.</param>
    /// <param name="graph">The graph whose triples it is judged by: the model's, or one with the same ids and other triples.</param>
    /// <param name="rows">The processes that share the triples.</param>
    public Evaluated Evaluate(CommandContext context, FactModel model, KnowledgeGraph graph, SharedRows rows)
    {
        GraphSplit split = Split(context);
        JudgedTriples? triples = Negatives.Of(context, graph, model.Graph, split);
        JudgedStatement[] judged = [];
        Report? verdicts = null;
        if (triples is not null)
        {
            StatementScores scores = new(model, context.Terminal, rows, context.Interruption.Token);
            judged = scores.Of(triples.Statements);
            verdicts = Verdicts(context, model, graph, scores, triples, judged);
        }

        return new Evaluated(triples, judged, verdicts, _links.Rank(context, model, graph, split, Negatives.Seed(context), rows));
    }

    /// <summary>What is said where there is nothing to say.</summary>
    public CommandFailure Nothing(CommandContext context) =>
        new($"the {context.Get(_split)} triples have no labeled negatives, so there are no verdicts to judge");

    private Report Verdicts(
        CommandContext context, FactModel model, KnowledgeGraph graph, StatementScores scores, JudgedTriples triples,
        JudgedStatement[] judged)
    {
        string title = $"{model.Source}: verdicts on {triples.Description}";
        Report report = ModelReport.Titled(model, title)
            .With("triples", judged.Length)
            .With("left out for unknown names", judged.Count(row => !row.Known));
        if (model.PathModel is not null)
        {
            report.With("calibration", $"not calibrated on labels: fitted on {ScoreCalibration.Kinds}");
        }

        if (model.HasVerdicts)
        {
            var ml = new MLContext();
            CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(ml.Data.LoadFromEnumerable(judged));
            report.With("accuracy", metrics.Accuracy).With("precision", metrics.PositivePrecision)
                .With("recall", metrics.PositiveRecall).With("f1", metrics.F1Score)
                .With("area under the roc curve", AreaUnderCurve.Of(judged.Select(row => ((double)row.Score, row.Label))))
                .With("calibration error", Calibration.ExpectedError(judged.Select(row => ((double)row.Probability, row.Label))));
        }

        if (context.IsGiven(_accept))
        {
            Accept(context, model, judged, report);
        }

        // Without labels in the data a path model's own thresholds are what there is.
        bool hasOwn = model.HasLanguageModel || (model.PathModel is not null && graph.Negatives(GraphSplit.Validation).IsEmpty);
        if (context.Get(_thresholds) || !hasOwn)
        {
            if (graph.Triples(GraphSplit.Validation).IsEmpty
                || Negatives.Of(context, graph, model.Graph, GraphSplit.Validation) is not { } validation)
            {
                context.Terminal.Warn("there are no labeled validation triples to choose thresholds by");
                return report;
            }

            RelationThresholds thresholds = RelationThresholds.Fit(scores.Of(validation.Statements).Select(row => row.Scored));
            report.With("accuracy with a threshold for each relation", thresholds.Accuracy(judged.Select(row => row.Scored)));
        }

        return report;
    }

    /// <summary>Chooses by one half of the verdicts which to accept, and says what comes of it on the other half.</summary>
    private void Accept(CommandContext context, FactModel model, JudgedStatement[] judged, Report report)
    {
        if (!model.HasVerdicts)
        {
            context.Terminal.Warn($"{_accept.Name} needs probabilities; {model.ScorerName} has scores only");
            return;
        }

        JudgedStatement[] shuffled = [.. judged];
        Negatives.Stream(context, "acceptance").Shuffle<JudgedStatement>(shuffled);
        CheckedVerdict[] verdicts = [.. shuffled.Select(row => new CheckedVerdict(row.Probability, row.PredictedLabel, row.Label))];
        int half = verdicts.Length / 2;
        AcceptanceSelection selection = AcceptanceSelection.Select(verdicts[..half], context.Get(_accept), Confidence);
        CheckedVerdict[] rest = verdicts[half..];
        CheckedVerdict[] accepted = [.. rest.Where(verdict => selection.Accepts(verdict.Probability, verdict.PredictedLabel))];
        report.With("acceptance", $"{selection}")
            .With("accepted from certainty", selection.Threshold)
            .With("accepted share of the other half", rest.Length == 0 ? null : (double)accepted.Length / rest.Length)
            .With("error among them", accepted.Length == 0 ? null : accepted.Average(verdict => verdict.IsError ? 1.0 : 0.0));
    }
}
