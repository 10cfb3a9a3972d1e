using System.CommandLine;
using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Judges a model as <c>gmt evaluate</c> does, and writes all there is to say of it into one page.</summary>
internal sealed class ReportCommand : GmtCommand
{
    private readonly Argument<string> _path = new("MODEL")
    {
        Description = "An ML.NET model (.zip), a folder of finetune_gmt or pretrain_gmt, or an sgm_state.pth; none with --graph.",
        Arity = ArgumentArity.ZeroOrOne,
        DefaultValueFactory = _ => "",
    };

    private readonly Option<string> _data = Flag.Text(
        "--data",
        "Other triples to judge by: a graph's file, all of it, or a folder, by its split of --split. Without it the model's own held-out "
        + "ones.",
        form: "PATH");

    private readonly Option<string> _output = Flag.Text("--output", "The page.", "report.html", "FILE");
    private readonly Option<int> _facts = Flag.Integer(
        "--facts", "How many of the surest right and of the surest wrong verdicts are shown with their evidence.", 5, least: 0, most: 1000);

    private readonly ModelFlags _model = new();
    private readonly EvaluationFlags _evaluation = new();

    /// <summary>Creates the command.</summary>
    public ReportCommand() : base("report", "Judges a model and writes one self-contained HTML page on it.")
    {
        Add(_path);
        Add("Report", _output, _data, _facts);
        Add("Model", [.. _model.PathModel, .. _model.Parts]);
        Add("Evaluation", _evaluation.All);
        Add(_model.GraphFiles);
    }

    /// <inheritdoc/>
    public override string Epilogue =>
        "Figures are those of 'gmt evaluate' with the same options, with 95 % intervals. See docs/report.md.";

    /// <inheritdoc/>
    public override string Example => "facts.zip --output report.html\ngmt report --graph products.csv --output products.html";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        _evaluation.Check(context);
        string output = context.Get(_output), data = context.Get(_data);
        if (output.Length == 0 || Directory.Exists(output))
        {
            throw new UsageError($"{_output.Name} names the page to write, and '{output}' is no file; give a name such as report.html");
        }

        using FactModel model = _model.LoadEither(context, context.Get(_path), isToBeSplit: true);
        GraphSplit split = _evaluation.Split(context);
        KnowledgeGraph graph = model.Graph;
        Report? others = null;
        if (data.Length > 0)
        {
            (graph, others) = OtherTriples.Of(context, model.Graph, data, split);
        }
        else
        {
            _evaluation.CheckTriples(context, model);
        }

        context.Interruption.IsHeeded = true;
        Evaluated evaluated = _evaluation.Evaluate(context, model, graph, new SharedRows(SingleRank.Instance));
        if (!evaluated.Reports.Any())
        {
            throw _evaluation.Nothing(context);
        }

        var page = new ModelPage(model, graph, evaluated, _evaluation.Negatives.Stream(context, "report intervals"));
        byte[] html = Encoding.UTF8.GetBytes($"{page.Make(others, context.Get(_facts), context.Interruption.Token)}");
        AtomicFile.Write(output, stream => stream.Write(html));
        context.Terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{output}: {new ByteSize(html.Length)}"));
        return ExitCode.Success;
    }
}
