namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads a folder in OpenKE's layout, with texts and labeled negatives where it has them.</summary>
internal sealed class OpenKeFolder
{
    public const string EntityFile = "entity2id.txt";
    public const string RelationFile = "relation2id.txt";
    public const string TrainFile = "train2id.txt";
    public const string ValidationFile = "valid2id.txt";
    public const string TestFile = "test2id.txt";
    public const string ValidationNegatives = "valid_neg2id.txt";
    public const string TestNegatives = "test_neg2id.txt";

    private readonly string _folder;
    private readonly OpenKeOptions _options;
    private readonly FaultLog _log;

    public OpenKeFolder(string folder, OpenKeOptions options, FaultLog? log = null) =>
        (_folder, _options, _log) = (folder, options, log ?? new FaultLog(notes: false));

    /// <summary>
    /// Whether a folder is in this layout. Either file of names is a sign of it: where the other is missing, the message says so.
    /// </summary>
    public static bool IsAt(string folder) =>
        File.Exists(Path.Combine(folder, EntityFile)) || File.Exists(Path.Combine(folder, RelationFile));

    /// <summary>
    /// How such a folder is read whose triples are in <c>train.txt</c>, <c>valid.txt</c> and <c>test.txt</c> in place of
    /// <c>train2id.txt</c>: by the ids there, or, null, as triples of names, beside which the files of ids say nothing.
    /// </summary>
    public static OpenKeOptions? OptionsFor(string folder, OpenKeOptions options, FaultLog log)
    {
        if (File.Exists(Path.Combine(folder, options.TrainFile)) || options.TrainFile != TrainFile
            || SplitFiles.In(folder) is not { Positives: [{ } train, var validation, var test] })
        {
            return options;
        }

        DelimitedSample sample = DelimitedSample.OfAnything(train);
        IEnumerable<byte[]> lines = ForeignFormat.IsNumber(sample.Lines[0]) ? sample.Lines.Skip(1) : sample.Lines;
        bool areIds = lines.All(ForeignFormat.IsThreeNumbers);
        log.Doubt(GraphDoubt.Guess(
            areIds
                ? $"the folder has no '{options.TrainFile}'; '{Path.GetFileName(train)}' holds ids and is read in its place, "
                    + $"columns '{options.TripleFormat}'"
                : $"the folder has no '{options.TrainFile}'; '{Path.GetFileName(train)}' holds names, which get ids as they come: "
                    + $"those of '{EntityFile}' and '{RelationFile}' are passed over"));
        return !areIds ? null : options with
        {
            TrainFile = Path.GetFileName(train),
            ValidationFile = options.ValidationFile ?? Path.GetFileName(validation),
            TestFile = options.TestFile ?? Path.GetFileName(test),
        };
    }

    public (KnowledgeGraph Graph, OpenKeReport Report) Read()
    {
        var reference = new OpenKeReferenceReader();
        bool strict = _options.Compatibility == OpenKeCompatibility.Strict;
        Func<string, Vocabulary> readNames = strict ? path => OpenKeNameFile.Read(path, _log) : reference.ReadNames;
        Vocabulary entities = readNames(Required(EntityFile));
        Vocabulary relations = readNames(Required(RelationFile));
        var bounds = new GraphBounds(entities.Count, relations.Count);
        TripleColumns columns = TripleColumns.Parse(_options.TripleFormat);
        Func<string, Triple[]> read = strict
            ? new OpenKeTripleFile(columns, bounds, _log).Read
            : path => reference.ReadTriples(path, columns, bounds);
        var content = new GraphContent(entities, relations)
        {
            Triples =
            [
                read(Required(_options.TrainFile)),
                ReadTriples(read, _options.ValidationFile, ValidationFile),
                ReadTriples(read, _options.TestFile, TestFile),
            ],
            Negatives = [[], ReadTriples(read, null, ValidationNegatives), ReadTriples(read, null, TestNegatives)],
        };
        if (!_options.TrainingOnly)
        {
            content = NameTextFile.AddFrom(_folder, content, _options.IgnoreTextsOfUnknownNames, _log);
            UnreadFiles.Note(_folder, FilesOf(_options), content, _log);
        }

        return (new KnowledgeGraph(content, _options.AddInverse), reference.Report);
    }

    private static string[] FilesOf(OpenKeOptions options) =>
    [
        EntityFile, RelationFile, options.TrainFile, options.ValidationFile ?? ValidationFile, options.TestFile ?? TestFile,
        ValidationNegatives, TestNegatives,
    ];

    private Triple[] ReadTriples(Func<string, Triple[]> read, string? given, string usual) =>
        given is not null ? read(Required(given))
        : !_options.TrainingOnly && File.Exists(Path.Combine(_folder, usual)) ? read(Path.Combine(_folder, usual))
        : [];

    private string Required(string file)
    {
        string path = Path.Combine(_folder, file);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"The folder '{_folder}' has no '{file}', which an OpenKE graph needs.", path);
    }
}
