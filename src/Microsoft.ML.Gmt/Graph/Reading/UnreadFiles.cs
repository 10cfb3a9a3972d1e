namespace Microsoft.ML.Gmt.Graph;

/// <summary>The data files of a graph's folder that nobody read, so that none is passed over in silence.</summary>
internal static class UnreadFiles
{
    private static readonly string[] Extensions = [".txt", ".tsv", ".csv", ".del", ".dict", ".nt", ".nq", ".ttl", ".gz"];
    private static readonly string[] Prose = ["readme", "license", "licence", "notice", "copying", "changelog", "requirements", "citation"];
    private static readonly string[] Splits = ["train", "valid", "dev", "test", "neg"];

    /// <summary>Notes them.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="read">Paths of the files that were read.</param>
    /// <param name="graph">What was read; where its names are numbers alone, another file may say what they mean.</param>
    /// <param name="log">Where to note them.</param>
    public static void Note(string folder, IEnumerable<string> read, GraphContent graph, FaultLog log)
    {
        HashSet<string> known = [.. read.Select(path => Path.GetFileName(path)!).Concat(NameTextFile.FileNames)];
        string[] unread =
        [
            .. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!)
                .Where(name => Extensions.Contains(Path.GetExtension(name).ToLowerInvariant()) && !known.Contains(name))
                .Where(name => !Prose.Any(word => name.StartsWith(word, StringComparison.OrdinalIgnoreCase)))
                .Order(StringComparer.Ordinal),
        ];
        bool areNumbers = graph.Entities.Count > 0 && graph.Entities.Names.All(name => name.All(char.IsAsciiDigit));
        string what = areNumbers
            ? "files of the folder that were passed over, though all entities are numbers, which they may name"
            : "files of the folder that were passed over";

        // Triples that nobody sees are worth a warning, lists of names beside triples of names are not.
        bool isGuess = areNumbers || unread.Any(name => Splits.Any(split => name.Contains(split, StringComparison.OrdinalIgnoreCase)));
        if (GraphDoubt.Of(what, unread, isGuess) is { } doubt)
        {
            log.Doubt(doubt);
        }
    }
}
