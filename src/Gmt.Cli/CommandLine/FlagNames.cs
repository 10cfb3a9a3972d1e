using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Names, in messages of the library, a command's flags in place of properties and methods.</summary>
internal static partial class FlagNames
{
    // Longer ones before those that are part of them.
    private static readonly (string InCode, string Flag, string Words)[] Names =
    [
        (Of(nameof(DelimitedFormat.Delimiter)), "--delimiter", "--delimiter"),
        (Of(nameof(DelimitedFormat.Columns)), "--columns", "--columns"),
        ($"{Of(nameof(DelimitedFormat.HasHeader))} to false", "--header", "--header to no"),
        (Of(nameof(DelimitedFormat.HasHeader)), "--header", "--header"),
        ($"{Of(nameof(DelimitedFormat.Quoted))} to false", "--quoted", "--quoted to no"),
        (Of(nameof(DelimitedFormat.Quoted)), "--quoted", "--quoted"),
        ($"; {Of(nameof(DelimitedFormat.TrimWhitespace))} = false keeps it", "--keep_spaces", "; --keep_spaces keeps it"),
        ($"set {nameof(OpenKeOptions)}.{nameof(OpenKeOptions.IgnoreTextsOfUnknownNames)}", "--ignore_texts_of_unknown_names",
            "give --ignore_texts_of_unknown_names"),
        ("(Options.RelationSemantics)", "--rel_semantic_path", "(--rel_semantic_path, --kge_model)"),
        ("Bind it with ml.Model.BindBaseModel(model, path)", "--base_model", "Give --base_model"),
    ];

    /// <summary>The message as a user of a command can follow it.</summary>
    /// <param name="command">The command whose flags count; what it has no flag for stays as it is.</param>
    /// <param name="message">A message that may name properties such as <c>Text.CutoffLength</c>.</param>
    public static string In(System.CommandLine.Command command, string message)
    {
        string text = Names.Where(name => command.Options.Any(option => option.Name == name.Flag))
            .Aggregate(message, (text, name) => text.Replace(name.InCode, name.Words, StringComparison.Ordinal));
        return Property().Replace(text, match => FlagOf(command, match.Groups["name"].Value) ?? match.Value);
    }

    /// <inheritdoc cref="In(System.CommandLine.Command, string)"/>
    public static string In(CommandContext context, string message) => In(context.Arguments.CommandResult.Command, message);

    private static string Of(string property) => $"{nameof(DelimitedOptions)}.{property}";

    private static string? FlagOf(System.CommandLine.Command command, string property) =>
        command.Options.FirstOrDefault(option => option is IRangedOption { Range.Property: { } name } && name == property)?.Name;

    /// <summary>A name of at least two words, so that no word of a sentence is taken for one; its owner may stand before it.</summary>
    [GeneratedRegex(@"\b(?:[A-Z][A-Za-z]*\.)*(?<name>[A-Z][a-z]+(?:[A-Z][a-z]*)+)\b")]
    private static partial Regex Property();
}
