namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads knowledge graphs from files.</summary>
public static class KnowledgeGraphReader
{
    /// <summary>Reads a graph in whatever form it is found, with the defaults of that form.</summary>
    /// <param name="path">
    /// A folder with <c>entity2id.txt</c> or <c>relation2id.txt</c> (<see cref="ReadOpenKe(string, OpenKeOptions?)"/>); one of LibKGE, with
    /// <c>entity_ids.del</c> and <c>train.del</c>; another folder (<see cref="ReadDelimitedFolder"/>); a file of triples of names, which
    /// all become training triples (<see cref="ReadDelimited"/>) until <see cref="KnowledgeGraph.Split"/> divides them; or a graph that
    /// <see cref="KnowledgeGraphFormat.Save"/> wrote.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or the folder lacks a file that is needed.</exception>
    /// <exception cref="GraphFormatException">A file is malformed; the message names the place and the remedy.</exception>
    /// <example>
    /// <code>
    /// KnowledgeGraph graph = KnowledgeGraphReader.Read("codex-s");
    /// Console.WriteLine($"{graph.Entities.Count} entities, {graph.Triples(GraphSplit.Train).Length} training triples");
    /// Console.WriteLine(graph.TripleText(graph.Triples(GraphSplit.Train)[0]));
    /// </code>
    /// </example>
    public static KnowledgeGraph Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new GraphSource(path).ReadWhole(new FaultLog(notes: false));
    }

    internal static void ThrowIfMissing(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new FileNotFoundException($"There is no file or folder '{path}'.", path);
        }
    }

    /// <summary>Reads a graph in whatever form it is found; the one place that tells the forms apart.</summary>
    /// <param name="source">A file or folder that is there.</param>
    /// <param name="log">What becomes of faults; takes up what was guessed.</param>
    internal static KnowledgeGraph ReadDetected(GraphSource source, FaultLog log) =>
        KnowledgeGraphFormat.IsAt(source.Path) ? KnowledgeGraphFormat.Load(source.Path)
        : File.Exists(source.Path) ? DelimitedFiles.Read(source.Path, source.NamedFiles[1], source.NamedFiles[2], source.Names, log)
        : OpenKeFolder.IsAt(source.Path) && OpenKeFolder.OptionsFor(source.Path, source.OpenKeFiles(), log) is { } found
            ? new OpenKeFolder(source.Path, found, log).Read().Graph
        : LibKgeFolder.IsAt(source.Path) ? LibKgeFolder.Read(source.Path, source.Names.AddInverse || source.OpenKe.AddInverse, log)
        : DelimitedFiles.ReadFolder(source.Path, source.Names, log, source.NamedFiles);

    /// <summary>Reads files that hold a triple of names a line; names get ids in the order in which they are first seen.</summary>
    /// <remarks>
    /// Texts and definitions are read from the folder of the training file where it has them, as in an OpenKE folder. Files are UTF-8;
    /// blank lines at their end are allowed. Delimiter, header and columns are found from the first thousand lines of each file, where
    /// <see cref="DelimitedOptions"/> leave them open; <see cref="GraphCheck"/> says what was guessed and what looks wrong. Files of
    /// N-Triples are known by their lines: an IRI is named without its angle brackets, a blank node <c>_:b</c>, a literal as it is written,
    /// with its escapes resolved; comments are passed over. Everything is checked and nothing is skipped.
    /// </remarks>
    /// <param name="trainFile">The training triples.</param>
    /// <param name="validationFile">The validation triples, or null.</param>
    /// <param name="testFile">The test triples, or null.</param>
    /// <param name="options">Delimiter, header and columns; null finds them.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GraphFormatException">A file is malformed; the message names the place and the remedy.</exception>
    /// <example>
    /// <code>
    /// KnowledgeGraph graph = KnowledgeGraphReader.ReadDelimited(
    ///     "facts.csv", testFile: "facts-test.csv", options: new DelimitedOptions { Delimiter = ';', HasHeader = true });
    /// </code>
    /// </example>
    public static KnowledgeGraph ReadDelimited(
        string trainFile, string? validationFile = null, string? testFile = null, DelimitedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(trainFile);
        return DelimitedFiles.Read(trainFile, validationFile, testFile, options ?? new DelimitedOptions(), new FaultLog(notes: false));
    }

    /// <summary>
    /// Reads a folder of such files: <c>train</c>, <c>valid</c> (or <c>validation</c>, <c>dev</c>, <c>val</c>) and <c>test</c>, each ending
    /// with <c>.tsv</c>, <c>.txt</c>, <c>.csv</c> or <c>.nt</c>; triples of <c>valid_negatives</c> and <c>test_negatives</c>, as CoDEx has
    /// them, are labeled false.
    /// </summary>
    /// <param name="folder">The folder; only the training file must be there.</param>
    /// <param name="options">Delimiter, header and columns; null finds them.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder has no training file.</exception>
    /// <exception cref="GraphFormatException">A file is malformed, or there are two files for one split.</exception>
    /// <example>
    /// <code>
    /// KnowledgeGraph graph = KnowledgeGraphReader.ReadDelimitedFolder("WN18RR", new DelimitedOptions { AddInverse = true });
    /// </code>
    /// </example>
    public static KnowledgeGraph ReadDelimitedFolder(string folder, DelimitedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Directory.Exists(folder)
            ? DelimitedFiles.ReadFolder(folder, options ?? new DelimitedOptions(), new FaultLog(notes: false))
            : throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
    }

    /// <summary>Reads a folder in OpenKE's layout: names with ids, triples by ids, each file beginning with its number of lines.</summary>
    /// <remarks>
    /// Needed: <c>entity2id.txt</c>, <c>relation2id.txt</c> and the training triples. Read where they are there: validation and test
    /// triples, <c>valid_neg2id.txt</c> and <c>test_neg2id.txt</c> (triples labeled false), <c>entity2text.txt</c>,
    /// <c>relation2text.txt</c>, <c>entity2definition.txt</c> and <c>relation2definition.txt</c> (name, tab, text). Files are UTF-8; blank
    /// lines at their end are allowed. Everything is checked and nothing is skipped.
    /// </remarks>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Names of files and the order of columns; null for the defaults.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks a file that is needed or was asked for.</exception>
    /// <exception cref="GraphFormatException">A file is malformed; the message names the place and the remedy.</exception>
    /// <example>
    /// <code>
    /// KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe("FB15k-237", new OpenKeOptions { TripleFormat = "hrt", AddInverse = true });
    /// </code>
    /// </example>
    public static KnowledgeGraph ReadOpenKe(string folder, OpenKeOptions? options = null) => ReadOpenKe(folder, options, out _);

    /// <summary>Reads a folder in OpenKE's layout and says what <see cref="OpenKeCompatibility.Reference"/> passed over in it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Names of files, the order of columns and how strictly to read; null for the defaults.</param>
    /// <param name="report">What was passed over; in strict reading nothing ever is.</param>
    /// <inheritdoc cref="ReadOpenKe(string, OpenKeOptions?)" path="/remarks|/exception"/>
    /// <example>
    /// <code>
    /// var options = new OpenKeOptions { Compatibility = OpenKeCompatibility.Reference };
    /// KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe("FB15k-237", options, out OpenKeReport report);
    /// if (!report.IsClean)
    /// {
    ///     Console.WriteLine($"{report.TripleLinesSkipped} lines of triples were passed over.");
    /// }
    /// </code>
    /// </example>
    public static KnowledgeGraph ReadOpenKe(string folder, OpenKeOptions? options, out OpenKeReport report)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
        }

        (KnowledgeGraph graph, report) = new OpenKeFolder(folder, options ?? new OpenKeOptions()).Read();
        return graph;
    }
}
