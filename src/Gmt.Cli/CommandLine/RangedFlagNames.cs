using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Puts options of the command line in the place of the library's properties, where a message of the library names one.</summary>
internal static partial class RangedFlagNames
{
    /// <summary>The message as a user of a command can follow it.</summary>
    /// <param name="command">The command whose options count.</param>
    /// <param name="message">A message that may name properties such as <c>Text.CutoffLength</c>.</param>
    public static string InPlaceOfProperties(System.CommandLine.Command command, string message) => Property().Replace(message, match =>
        command.Options.FirstOrDefault(option => option is IRangedOption { Range.Property: { } name } && name == match.Groups["name"].Value)
            is { } option ? option.Name : match.Value);

    /// <summary>A name of at least two words, so that no word of a sentence is taken for one; its owner may stand before it.</summary>
    [GeneratedRegex(@"\b(?:[A-Z][A-Za-z]*\.)*(?<name>[A-Z][a-z]+(?:[A-Z][a-z]*)+)\b")]
    private static partial Regex Property();
}
