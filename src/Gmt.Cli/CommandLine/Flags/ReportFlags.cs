using System.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Whether results are for people or for programs.</summary>
internal sealed class ReportFlags
{
    private readonly Option<bool> _json = Flag.Switch("--json", "Writes JSON in place of tables.");

    private readonly Option<bool> _csv = Flag.Switch(
        "--csv", "Writes one table of comma-separated values in place of tables; the column 'table' says what a row is of.");

    /// <summary>Makes the options; both at once are refused.</summary>
    public ReportFlags() => _csv.Validators.Add(result =>
    {
        if (result.GetValue(_csv) && result.GetValue(_json))
        {
            result.AddError($"give either {_json.Name} or {_csv.Name}");
        }
    });

    /// <summary>The options.</summary>
    public Option[] All => [_json, _csv];

    /// <summary>Writes reports in the form asked for.</summary>
    public void Write(CommandContext context, params IReadOnlyList<Report> reports)
    {
        if (context.Get(_json))
        {
            JsonReports.Write(context.Terminal.Output, reports);
        }
        else if (context.Get(_csv))
        {
            CsvReports.Write(context.Terminal.Output, reports);
        }
        else
        {
            ReportWriter.Write(context.Terminal, reports);
        }
    }
}
