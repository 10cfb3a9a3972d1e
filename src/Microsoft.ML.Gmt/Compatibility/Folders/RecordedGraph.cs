using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>
/// What the configuration files of folders record of a graph beside the reference's arguments: how files of names are laid out, how the
/// graph was divided. The reference does not know these entries and passes over them; they are written only where they say something.
/// </summary>
internal static class RecordedGraph
{
    private const string Path = "kg_dir", Inverse = "add_inverse", TrainFile = "triple_file", TripleFormat = "triple_format";
    private const string ValidationFile = "valid_file", TestFile = "test_file";
    private const string ValidationFraction = "validation_fraction", TestFraction = "test_fraction", Seed = "split_seed";
    private const string TrainingTriples = "training_triples";
    private const string Delimiter = "delimiter", Columns = "columns", Header = "header", Quoted = "quoted", Spaces = "keep_spaces";
    private const string IgnoresTexts = "ignore_texts_of_unknown_names";

    /// <summary>The entries of a graph.</summary>
    /// <param name="source">How it was read; null where that is not known.</param>
    /// <param name="graph">The graph.</param>
    public static IEnumerable<KeyValuePair<string, object?>> Entries(GraphSource? source, KnowledgeGraph graph) =>
        [.. source is null ? [] : Files(source), .. Division(graph), .. Fingerprint(source, graph)];

    /// <summary>How a graph is read again as a training run read it.</summary>
    /// <param name="arguments">What the run recorded.</param>
    /// <param name="path">Where the graph is now; null for where it was then.</param>
    public static GraphSource Source(PythonArguments arguments, string? path)
    {
        bool ignoresTexts = arguments.Get(IgnoresTexts, otherwise: false);
        var openKe = new OpenKeOptions { IgnoreTextsOfUnknownNames = ignoresTexts };
        return new GraphSource(path ?? arguments.Get(Path, ""))
        {
            TrainFile = arguments.Get(TrainFile, openKe.TrainFile) is var train && train == openKe.TrainFile ? null : train,
            ValidationFile = Named(arguments, ValidationFile),
            TestFile = Named(arguments, TestFile),
            OpenKe = openKe with { TripleFormat = arguments.Get(TripleFormat, openKe.TripleFormat) },
            Names = Layouts(arguments) with { IgnoreTextsOfUnknownNames = ignoresTexts },
            AddInverse = arguments.Get(Inverse, otherwise: false),
            Division = arguments.Contains(Seed)
                ? new GraphDivision(arguments.Get(ValidationFraction, 0.0), arguments.Get(TestFraction, 0.0), arguments.Get(Seed, 0))
                : null,
        };
    }

    /// <summary>
    /// What of a graph's training triples differs from those that a run recorded; null where nothing does or nothing is known.
    /// </summary>
    /// <param name="arguments">What the run recorded.</param>
    /// <param name="graph">The graph as it was read now.</param>
    public static string? Difference(PythonArguments arguments, KnowledgeGraph graph)
    {
        string now = GraphIdentity.Describe(graph.Triples(GraphSplit.Train)), then = arguments.Get(TrainingTriples, now);
        return now == then ? null : $"it has {now} to learn from, the run had {then}";
    }

    private static IEnumerable<KeyValuePair<string, object?>> Files(GraphSource source)
    {
        (string Name, object? Value)[] all =
        [
            (ValidationFile, source.ValidationFile), (TestFile, source.TestFile),
            (IgnoresTexts, source.OpenKe.IgnoreTextsOfUnknownNames ? true : null), .. Layout("", source.Names),
            .. Layout("valid_", source.Names.Validation), .. Layout("test_", source.Names.Test),
        ];
        return all.Where(entry => entry.Value is not null).Select(entry => KeyValuePair.Create(entry.Name, entry.Value));
    }

    private static IEnumerable<(string Name, object? Value)> Layout(string prefix, DelimitedFormat? layout) => layout is null ? [] :
    [
        (prefix + Delimiter, layout.Delimiter?.ToString()), (prefix + Columns, layout.Columns),
        (prefix + Header, Word(layout.HasHeader)), (prefix + Quoted, Word(layout.Quoted)),
        (prefix + Spaces, layout.TrimWhitespace ? null : true),
    ];

    private static DelimitedOptions Layouts(PythonArguments arguments)
    {
        bool Has(string prefix) => new[] { Delimiter, Columns, Header, Quoted, Spaces }.Any(name => arguments.Contains(prefix + name));
        DelimitedFormat Read(string prefix, DelimitedFormat otherwise) => new()
        {
            Delimiter = Named(arguments, prefix + Delimiter) is { Length: 1 } delimiter ? delimiter[0] : otherwise.Delimiter,
            Columns = Named(arguments, prefix + Columns) ?? otherwise.Columns,
            HasHeader = Truth(Named(arguments, prefix + Header)) ?? otherwise.HasHeader,
            Quoted = Truth(Named(arguments, prefix + Quoted)) ?? otherwise.Quoted,
            TrimWhitespace = otherwise.TrimWhitespace && !arguments.Get(prefix + Spaces, otherwise: false),
        };
        DelimitedFormat train = Read("", new DelimitedFormat());
        return new DelimitedOptions().With(train) with
        {
            Validation = Has("valid_") ? Read("valid_", train) : null,
            Test = Has("test_") ? Read("test_", train) : null,
        };
    }

    private static IReadOnlyList<KeyValuePair<string, object?>> Division(KnowledgeGraph graph) => graph.Division is not { } division ? [] :
    [
        new(ValidationFraction, division.ValidationFraction), new(TestFraction, division.TestFraction), new(Seed, division.Seed),
    ];

    /// <summary>
    /// A graph that was divided is recorded with a fingerprint, for a file that changed since would be divided in another way; and one
    /// whose files are not known, for it may be another one that is given next time.
    /// </summary>
    private static IReadOnlyList<KeyValuePair<string, object?>> Fingerprint(GraphSource? source, KnowledgeGraph graph) =>
        source is null || graph.Division is not null ? [new(TrainingTriples, GraphIdentity.Describe(graph.Triples(GraphSplit.Train)))] : [];

    private static string? Named(PythonArguments arguments, string name) => arguments.Get(name, "") is { Length: > 0 } text ? text : null;

    private static string? Word(bool? truth) => truth switch { null => null, true => "yes", false => "no" };

    private static bool? Truth(string? word) => word switch { "yes" => true, "no" => false, _ => null };
}
