using System.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Whether results are for programs.</summary>
internal sealed class JsonFlag
{
    private readonly Option<bool> _json = Flag.Switch("--json", "Writes JSON in place of tables.");

    /// <summary>The option.</summary>
    public Option[] All => [_json];

    /// <summary>Writes reports in the form asked for.</summary>
    public void Write(CommandContext context, params IReadOnlyList<Report> reports) =>
        ReportWriter.Write(context.Terminal, context.Get(_json), reports);
}
