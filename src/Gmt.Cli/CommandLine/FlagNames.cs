using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Names, in messages of the library, the flag in place of the option of a graph's reader.</summary>
internal static class FlagNames
{
    private static readonly (string Option, string Flag)[] Names =
    [
        ($"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Delimiter)}", "--delimiter"),
        ($"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Columns)}", "--columns"),
        ($"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.HasHeader)}", "--header"),
        ($"{nameof(DelimitedOptions)}.{nameof(DelimitedFormat.Quoted)}", "--quoted"),
        ($"; {nameof(DelimitedOptions)}.{nameof(DelimitedFormat.TrimWhitespace)} = false keeps it", ""), // for code alone
    ];

    /// <summary>The message, with flags.</summary>
    public static string In(string message) =>
        Names.Aggregate(message, (text, name) => text.Replace(name.Option, name.Flag, StringComparison.Ordinal));
}
