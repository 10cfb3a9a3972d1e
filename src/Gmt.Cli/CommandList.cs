using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Commands;
using Microsoft.ML.Gmt.Cli.Scripts;

namespace Microsoft.ML.Gmt.Cli;

/// <summary>All commands, as the help lists them.</summary>
internal static class CommandList
{
    /// <summary>New instances of all commands.</summary>
    public static IReadOnlyList<CommandSection> Create() =>
    [
        new(
            "Train and judge",
            [new PretrainCommand(), new FinetuneCommand(), new TrainKgeCommand(), new TrainPathCommand(), new InferenceCommand(), new BuildRelSemanticsCommand(), new ProcessKgeCommand()]),
        new("Ask a model", [new AskCommand(), new RankCommand(), new EvaluateCommand(), new ReportCommand(), new ConvertCommand()]),
        new("Look into files", [new InfoCommand(), new GraphCommand(), NamesCommand.OfEntities(), NamesCommand.OfRelations()]),
        new("Use several processes", [new LaunchCommand()]),
        new("Try a language model", [new TokenizeCommand(), new GenerateCommand()]),
        new(
            "As the Python scripts: same flags, files and printed lines",
            [new PretrainScript(), new BuildRelSemanticsScript(), new FinetuneScript(), new InferenceScript(), new ProcessKgeScript()]),
    ];
}
