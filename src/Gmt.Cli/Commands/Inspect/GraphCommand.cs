using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Counts what a graph holds and finds everything that is wrong with its files.</summary>
internal sealed class GraphCommand : GmtCommand
{
    /// <summary>Where one fault stands in each of a million lines, the first say what is wrong.</summary>
    private const int MostFaults = 20;

    private readonly Argument<string> _path = new("PATH")
    {
        Description = "The graph: a file of triples (CSV, TSV …), a folder of such files, a folder in OpenKE's layout, or a .gmtgraph.",
    };

    private readonly GraphSourceFlags _graph = new(folder: null);
    private readonly ReportFlags _report = new();

    /// <summary>Creates the command.</summary>
    public GraphCommand() : base("graph", "Counts what a graph holds, and lists everything that is wrong with its files.")
    {
        Add(_path);
        Add("Files", _graph.Files);
        Add("Files of names (CSV, TSV …)", _graph.Layout);
        Add("Output", _report.All);
    }

    /// <inheritdoc/>
    public override string Epilogue => "The exit code is 1 where a file has a fault: training would refuse the graph.";

    /// <inheritdoc/>
    public override string Example => "examples/data/codex-s";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        string path = context.Get(_path);
        GraphCheck check = GraphCheck.Read(_graph.Source(context, new GraphSource(path)));
        string title = $"{path}: {Verdict(check)}";
        Report report = check.Graph is null ? new Report(title) : GraphReport.Summary(title, check.Graph);
        report.With(GraphReport.Doubts(check.Doubts, what => FlagNames.In(context, what)))
            .With("faults", check.FaultCount)
            .With("faults not listed", check.FaultCount > MostFaults ? check.FaultCount - MostFaults : null)
            .With(new ReportTable("faults by place", ["fault"],
                [.. check.Faults.Take(MostFaults).Select(fault => (IReadOnlyList<object?>)[FlagNames.In(context, fault.Message)])]));
        _report.Write(context, report);
        return check.FaultCount == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static string Verdict(GraphCheck check) => (check.FaultCount, check.Doubts.Count) switch
    {
        (0, 0) => "knowledge graph without faults",
        (0, _) => "knowledge graph without faults, but with doubts",
        (1, _) => "1 fault; counts are of what could be read",
        var (faults, _) => $"{faults} faults; counts are of what could be read",
    };
}
