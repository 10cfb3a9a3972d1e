using Microsoft.ML.Gmt.Cli.Commands;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>All commands, as the help lists them.</summary>
internal static class CommandList
{
    /// <summary>New instances of all commands.</summary>
    public static IReadOnlyList<CommandSection> Create() =>
    [
        new(
            "Train and judge",
            [
                new PretrainCommand("pretrain", compatible: false),
                new FinetuneCommand("finetune", compatible: false),
                new InferenceCommand("inference", compatible: false),
                new BuildRelSemanticsCommand("build-rel-semantics", compatible: false),
                new ProcessKgeCommand("process-kge", compatible: false),
            ]),
        new("Ask a model", [new AskCommand(), new RankCommand(), new EvaluateCommand(), new ConvertCommand()]),
        new("Look into files", [new InfoCommand(), new GraphCommand()]),
        new("Try a language model", [new TokenizeCommand(), new GenerateCommand()]),
        new(
            "As the Python scripts: same flags, files and printed lines",
            [
                new PretrainCommand("pretrain_gmt", compatible: true),
                new BuildRelSemanticsCommand("build_rel_semantics", compatible: true),
                new FinetuneCommand("finetune_gmt", compatible: true),
                new InferenceCommand("inference_gmt", compatible: true),
                new ProcessKgeCommand("process_kge", compatible: true),
            ]),
    ];
}
