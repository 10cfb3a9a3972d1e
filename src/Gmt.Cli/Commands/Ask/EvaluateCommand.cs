using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Judges a model on a split of its graph: verdicts on labeled triples, and link prediction.</summary>
internal sealed class EvaluateCommand : GmtCommand
{
    private readonly Option<string> _path = ModelFlags.PathOfAnyStage();
    private readonly ModelFlags _model = new();
    private readonly EvaluationFlags _evaluation = new();
    private readonly RerankFlags _rerank = new();
    private readonly ReportFlags _report = new();

    /// <summary>Creates the command.</summary>
    public EvaluateCommand() : base("evaluate", "Judges a model on a split of its graph: verdicts on labeled triples, and link prediction.")
    {
        Add("Model", [_path, .. _model.PathModel, .. _model.Parts]);
        Add("Evaluation", [.. _evaluation.All, .. _rerank.Options]);
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
        GraphSplit split = _evaluation.Split(context);
        _evaluation.Check(context);
        _rerank.Check(context);
        using FactModel model = _model.LoadEither(context, context.Get(_path), isToBeSplit: true);
        _evaluation.CheckTriples(context, model);
        string path = context.Get(_path);
        rows.Check(context, model.Graph, File.Exists(path) ? [("the model", path)] : [], Identity(model, split));
        context.Interruption.IsHeeded = true;
        List<Report> reports = [.. _evaluation.Evaluate(context, model, model.Graph, rows).Reports];
        void Shuffle(Triple[] triples) => _evaluation.Negatives.Stream(context, "rerank").Shuffle<Triple>(triples);
        if (processes.Rank == 0 && _rerank.Rank(context, _model, model, split, Shuffle) is { } again)
        {
            reports.Add(again);
        }

        if (reports.Count == 0 && processes.Rank == 0)
        {
            throw _evaluation.Nothing(context);
        }

        _report.Write(context, reports);
        return (ExitCode.Success, rows.Taken);
    }

    /// <summary>What else than graph and arguments all processes must have alike.</summary>
    private static IEnumerable<(string Name, string Value)> Identity(FactModel model, GraphSplit split)
    {
        if (model.PathModel is { } paths)
        {
            yield return ("the path model", $"{paths.Origin.Sha256} {paths.Origin}");
        }

        yield return ("the triples to judge by", GraphIdentity.Describe(model.Graph.Triples(split)));
        yield return ("their negatives", GraphIdentity.Describe(model.Graph.Negatives(split)));
    }
}
