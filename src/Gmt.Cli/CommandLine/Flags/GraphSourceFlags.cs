using System.CommandLine;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Which graph, in whatever form it comes, and how its files are read.</summary>
/// <param name="folder">The option that leads to the graph; null where an argument does.</param>
internal sealed class GraphSourceFlags(Option<string>? folder)
{
    private const string Forms = "a file of triples (CSV, TSV …), a folder of such files, a folder in OpenKE's layout, or a .gmtgraph";

    private readonly Option<string> _validationFile = Flag.Text(
        "--valid_file", "The file of validation triples, in the graph's folder; the usual one without it.", form: "FILE");
    private readonly Option<string> _testFile = Flag.Text(
        "--test_file", "The file of test triples, in the graph's folder; the usual one without it.", form: "FILE");

    private readonly Option<bool> _ignoreTexts = Flag.Switch(
        "--ignore_texts_of_unknown_names",
        "Passes over texts (entity2text.txt …) of names that the graph lacks, and all but the first of a name's.");

    private readonly Option<bool> _keepSpaces = Flag.Switch("--keep_spaces", "Spaces around names belong to them.");
    private readonly DelimitedFlags _names = new();
    private readonly DelimitedFlags _validation = new("valid_", "of the validation file");
    private readonly DelimitedFlags _test = new("test_", "of the test file");

    /// <summary>The scripts' options.</summary>
    public GraphFlags Reference { get; } = new(folder);

    /// <summary>The scripts' options but for the way to the graph, where the other splits are, and which texts count.</summary>
    public Option[] Files => [.. Reference.All[1..], _validationFile, _testFile, _ignoreTexts];

    /// <summary>How files of names are laid out.</summary>
    public Option[] Layout => [.. _names.All, _keepSpaces, .. _validation.All, .. _test.All];

    /// <summary>
    /// The options that a folder of a model decides; delimiters are not among them, for one may be written in several ways.
    /// </summary>
    public Option[] Recorded => [.. Files, .. Layout.Where(option => !option.Name.EndsWith("delimiter", StringComparison.Ordinal))];

    /// <summary>A required option that leads to a graph.</summary>
    public static Option<string> NewRequired() => WithAlias(Flag.RequiredText("--kg_dir", $"The graph: {Forms}.", "PATH"));

    /// <summary>An option that leads to the graph of a model.</summary>
    public static Option<string> NewOfModel() => WithAlias(Flag.Text(
        "--kg_dir", $"The graph, where the model comes without one: that of its training; {Forms}.", form: "PATH"));

    /// <summary>The source that the options tell.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="basis">Where the graph is, and how it is read where the options do not say.</param>
    /// <exception cref="UsageError">An option is for another form than the graph has.</exception>
    public GraphSource Source(CommandContext context, GraphSource basis)
    {
        string? Given(Option<string> option) => context.IsGiven(option) ? context.Get(option) : null;
        bool ignoresTexts = context.Get(_ignoreTexts) || basis.OpenKe.IgnoreTextsOfUnknownNames;
        GraphSource source = basis with
        {
            TrainFile = Given(Reference.TripleFile) ?? basis.TrainFile,
            ValidationFile = Given(_validationFile) ?? basis.ValidationFile,
            TestFile = Given(_testFile) ?? basis.TestFile,
            OpenKe = basis.OpenKe with
            {
                TripleFormat = Given(Reference.TripleFormat) ?? basis.OpenKe.TripleFormat,
                IgnoreTextsOfUnknownNames = ignoresTexts,
            },
            Names = Names(context, basis.Names) with { IgnoreTextsOfUnknownNames = ignoresTexts },
            AddInverse = context.Get(Reference.AddInverse) ? true : basis.AddInverse,
        };
        Check(context, source);
        return source;
    }

    private DelimitedOptions Names(CommandContext context, DelimitedOptions basis)
    {
        DelimitedFormat train = _names.Format(context, basis);
        DelimitedOptions names = basis.With(train with { TrimWhitespace = train.TrimWhitespace && !context.Get(_keepSpaces) });
        return names with
        {
            Validation = _validation.IsGiven(context) ? _validation.Format(context, basis.Validation ?? names) : basis.Validation,
            Test = _test.IsGiven(context) ? _test.Format(context, basis.Test ?? names) : basis.Test,
        };
    }

    private void Check(CommandContext context, GraphSource source)
    {
        bool isOpenKe = source.IsOpenKe;
        if (isOpenKe && Array.Find(Layout, context.IsGiven) is { } misplaced)
        {
            throw new UsageError($"{misplaced.Name} is for files of names, and '{source.Path}' is in OpenKE's layout; leave it out");
        }

        if (!isOpenKe && context.IsGiven(Reference.TripleFormat))
        {
            throw new UsageError($"{Reference.TripleFormat.Name} is for folders in OpenKE's layout; --columns says it of files of names");
        }

        if (File.Exists(source.Path) && context.IsGiven(Reference.TripleFile))
        {
            throw new UsageError($"{Reference.TripleFile.Name} names a file in a folder, and '{source.Path}' is a file; leave it out");
        }
    }

    private static Option<string> WithAlias(Option<string> option)
    {
        option.Aliases.Add("--graph");
        return option;
    }
}
