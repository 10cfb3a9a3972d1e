using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Says what files and folders hold.</summary>
internal sealed class InfoCommand : GmtCommand
{
    private readonly Argument<string[]> _paths = new("PATH")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "Weights (safetensors, .pth, .pt, .bin), a folder of a model, tokenizer or graph, what finetune_gmt wrote, "
            + "an ML.NET model (.zip), a JSON file …",
    };

    private readonly ReportFlags _report = new();

    /// <summary>Creates the command.</summary>
    public InfoCommand() : base("info", "Says what a file or folder holds: its kind, shapes, configuration, size in memory.")
    {
        Add(_paths);
        Add("Output", _report.All);
    }

    /// <inheritdoc/>
    public override string Example => "facts.zip examples/models/tiny-llama";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        List<Report> reports = [];
        foreach (string path in context.Get(_paths))
        {
            reports.AddRange(Directory.Exists(path) ? FolderInspector.Inspect(path)
                : File.Exists(path) ? FileInspector.Inspect(path)
                : throw new CommandFailure($"There is no file or folder '{path}'."));
        }

        _report.Write(context, reports);
        return ExitCode.Success;
    }
}
