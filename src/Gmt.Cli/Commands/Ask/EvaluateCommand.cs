using System.CommandLine;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Judges a model on a split of its graph: verdicts on labeled triples, and link prediction.</summary>
internal sealed class EvaluateCommand : GmtCommand
{
    private const double Confidence = 0.95;

    private readonly Option<string> _path = ModelFlags.PathOfAnyStage();
    private readonly ModelFlags _model = new();
    private readonly Option<string> _split = Flag.Choice("--split", "The triples to judge by.", "test", "validation", "train");
    private readonly NegativesFlags _negatives = new();
    private readonly Option<bool> _thresholds = Flag.Switch(
        "--thresholds", "Also with a threshold for each relation, chosen by the labels of the validation triples.");
    private readonly Option<double> _accept = Flag.Number(
        "--accept",
        "Also which verdicts to accept so that, with confidence 0.95, at most this share of them is wrong: chosen by the labels of a "
        + "random half of the triples (--seed), judged by the other half. See docs/acceptance.md.",
        null, new OptionRangeAttribute(0, 1) { IsAboveLeast = true, IsBelowMost = true });
    private readonly LinkPredictionFlags _links = new();
    private readonly RerankFlags _rerank = new();
    private readonly ReportFlags _report = new();

    /// <summary>Creates the command.</summary>
    public EvaluateCommand() : base("evaluate", "Judges a model on a split of its graph: verdicts on labeled triples, and link prediction.")
    {
        Add("Model", [_path, .. _model.PathModel, .. _model.Parts]);
        Add("Evaluation", [_split, .. _negatives.All, _thresholds, _accept, .. _links.Options, .. _rerank.Options]);
        Add(_model.GraphFiles);
        Add("Output", _report.All);
    }

    /// <inheritdoc/>
    public override bool SharesWork => true;

    /// <inheritdoc/>
    public override string Epilogue =>
        "Started by torchrun, srun, mpirun or gmt launch, several processes share the triples (docs/scale-out.md).";

    /// <inheritdoc/>
    public override string Example => "--model facts.zip --split test --by_relation\ngmt evaluate --graph products.csv";

    /// <inheritdoc/>
    public override int Execute(CommandContext context) => RankedRun.Execute(context, RankedRun.Read(), Evaluate);

    private (int Code, long Rows) Evaluate(CommandContext context, ProcessGroup processes)
    {
        SharedRows rows = new(processes.Ranks);
        GraphSplit split =
            context.Get(_split) switch { "test" => GraphSplit.Test, "validation" => GraphSplit.Validation, _ => GraphSplit.Train };
        _links.Check(context);
        _rerank.Check(context);
        if (context.IsGiven(_accept))
        {
            AcceptanceSelection.Check(context.Get(_accept), Confidence);
        }

        using FactModel model = _model.LoadEither(context, context.Get(_path), isToBeSplit: true);
        if (model.Graph.Triples(split).IsEmpty)
        {
            throw new CommandFailure(model.PathModel is null
                ? $"the graph of {model.Source} has no {context.Get(_split)} triples to judge by: it was trained on all; "
                    + "'gmt pretrain' and graph.Split hold some out of graphs that come as one file"
                : $"the graph has no {context.Get(_split)} triples to judge by; --validation_fraction and --test_fraction hold some out of "
                    + "graphs that come as one file");
        }

        if (processes.Size > 1)
        {
            processes.Ranks.Check([.. Identity(context, model, split)]);
        }

        context.Interruption.IsHeeded = true;
        List<Report> reports = [];
        if (_negatives.Of(context, model.Graph, split) is { } triples)
        {
            reports.Add(Verdicts(context, model, triples, rows));
        }

        if (_links.Rank(context, model, split, _negatives.Seed(context), rows) is { } links)
        {
            reports.Add(links);
        }

        if (processes.Rank == 0 && _rerank.Rank(
            context, _model, model, split, triples => _negatives.Stream(context, "rerank").Shuffle<Triple>(triples)) is { } again)
        {
            reports.Add(again);
        }

        if (reports.Count == 0 && processes.Rank == 0)
        {
            throw new CommandFailure($"the {context.Get(_split)} triples have no labeled negatives, so there are no verdicts to judge");
        }

        _report.Write(context, reports);
        return (ExitCode.Success, rows.Taken);
    }

    /// <summary>What all processes must have alike, so that their parts make one evaluation.</summary>
    private IEnumerable<(string Name, string Value)> Identity(CommandContext context, FactModel model, GraphSplit split)
    {
        KnowledgeGraph graph = model.Graph;
        yield return ("the arguments", string.Join(' ', context.Arguments.Tokens.Select(token => token.Value)));
        if (context.Get(_path) is var path && File.Exists(path))
        {
            using FileStream file = File.OpenRead(path);
            yield return ("the model", ContentHash.Of(file).Sha256);
        }

        if (model.PathModel is { } paths)
        {
            yield return ("the path model", $"{paths.Origin.Sha256} {paths.Origin}");
        }

        yield return ("the triples to judge by", GraphIdentity.Describe(graph.Triples(split)));
        yield return ("their negatives", GraphIdentity.Describe(graph.Negatives(split)));
        foreach ((string, string) part in GraphIdentity.Of(graph))
        {
            yield return part;
        }
    }

    private Report Verdicts(CommandContext context, FactModel model, JudgedTriples triples, SharedRows rows)
    {
        StatementScores scores = new(model, context.Terminal, rows, context.Interruption.Token);
        JudgedStatement[] judged = scores.Of(triples.Statements);
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
        bool hasOwn = model.HasLanguageModel || (model.PathModel is not null && model.Graph.Negatives(GraphSplit.Validation).IsEmpty);
        if (context.Get(_thresholds) || !hasOwn)
        {
            if (model.Graph.Triples(GraphSplit.Validation).IsEmpty
                || _negatives.Of(context, model.Graph, GraphSplit.Validation) is not { } validation)
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
        _negatives.Stream(context, "acceptance").Shuffle<JudgedStatement>(shuffled);
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
