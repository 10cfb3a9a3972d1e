namespace Microsoft.ML.Gmt.Graph;

/// <summary>Where a graph is and how it is read, whatever form it has; what concerns other forms does not count.</summary>
/// <param name="Path">A file of triples, a folder of such files, a folder in OpenKE's layout, or a saved graph (<c>.gmtgraph</c>).</param>
internal sealed record GraphSource(string Path)
{
    /// <summary>The file of training triples in a folder; null for the usual one. A file is its own training file.</summary>
    public string? TrainFile { get; init; }

    /// <summary>The file of validation triples, in the folder or beside the file; null for the usual one of a folder.</summary>
    public string? ValidationFile { get; init; }

    /// <summary>The file of test triples, in the folder or beside the file; null for the usual one of a folder.</summary>
    public string? TestFile { get; init; }

    /// <summary>How a folder in OpenKE's layout is read; its files are named above.</summary>
    public OpenKeOptions OpenKe { get; init; } = new();

    /// <summary>How files of names are read.</summary>
    public DelimitedOptions Names { get; init; } = new();

    /// <summary>
    /// Whether edges from tail to head get relations of their own; null as the form's options or the saved graph have it.
    /// </summary>
    public bool? AddInverse { get; init; }

    /// <summary>How a graph is divided that comes without validation and test triples; null for not at all.</summary>
    public GraphDivision? Division { get; init; }

    /// <summary>The file of each split where it is named, in the folder of the others.</summary>
    public IReadOnlyList<string?> NamedFiles => [.. new[] { TrainFile, ValidationFile, TestFile }.Select(Beside)];

    /// <summary>Whether it is in OpenKE's layout.</summary>
    public bool IsOpenKe => Directory.Exists(Path) && OpenKeFolder.IsAt(Path)
        && OpenKeFolder.OptionsFor(Path, OpenKeFiles(), new FaultLog(notes: false)) is not null;

    /// <summary>Whether triples are held out of it, and none come held out.</summary>
    /// <param name="graph">What was read.</param>
    public bool Divides(KnowledgeGraph graph) => Division is { HoldsOut: true } && IsUndivided(graph);

    /// <summary>Whether a graph has training triples only.</summary>
    public static bool IsUndivided(KnowledgeGraph graph) => new[] { GraphSplit.Validation, GraphSplit.Test }.All(
        split => graph.Triples(split).IsEmpty && graph.Negatives(split).IsEmpty);

    /// <summary>Reads the graph as it is, not divided, and says what was guessed.</summary>
    /// <param name="guesses">What was guessed or left out; where the order of columns was, also what makes it doubtful.</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or the folder lacks a file that is needed.</exception>
    /// <exception cref="GraphFormatException">A file is malformed; the message names the place and the remedy.</exception>
    public KnowledgeGraph ReadWhole(out IReadOnlyList<GraphDoubt> guesses)
    {
        var log = new FaultLog(notes: false);
        KnowledgeGraph graph = ReadWhole(log);
        guesses = log.Guesses(graph);
        return graph;
    }

    /// <summary>Reads the graph as it is, not divided.</summary>
    /// <param name="log">What becomes of faults; takes up what was guessed.</param>
    /// <inheritdoc cref="ReadWhole(out IReadOnlyList{GraphDoubt})"/>
    public KnowledgeGraph ReadWhole(FaultLog log)
    {
        KnowledgeGraphReader.ThrowIfMissing(Path);
        KnowledgeGraph graph = KnowledgeGraphReader.ReadDetected(this, log);
        return AddInverse is { } inverse ? graph.WithInverse(inverse) : graph;
    }

    /// <summary>The options of a folder in OpenKE's layout, its files among them.</summary>
    public OpenKeOptions OpenKeFiles() => OpenKe with
    {
        TrainFile = TrainFile ?? OpenKe.TrainFile,
        ValidationFile = ValidationFile ?? OpenKe.ValidationFile,
        TestFile = TestFile ?? OpenKe.TestFile,
    };

    private string? Beside(string? file) => file is null ? null
        : System.IO.Path.Combine(Directory.Exists(Path) ? Path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, file);
}
