using System.CommandLine;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Which outputs of a row say that its statement is true, and which that it is false.</summary>
internal sealed class LabelFlags
{
    private readonly Option<string> _true = Flag.Text(
        "--true_label",
        "Outputs that say true, a list with commas, in place of True, Yes and 1. Where one other output occurs, it says false.",
        form: "LIST");

    private readonly Option<string> _false = Flag.Text(
        "--false_label", "Outputs that say false, a list with commas, in place of False, No and 0.", form: "LIST");

    /// <summary>Both.</summary>
    public Option[] All => [_true, _false];

    /// <summary>The labels that count.</summary>
    /// <exception cref="UsageError">A label says true and false.</exception>
    public TruthLabels Read(CommandContext context) => new(Items(context.Get(_true)), Items(context.Get(_false)));

    private static string[] Items(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
