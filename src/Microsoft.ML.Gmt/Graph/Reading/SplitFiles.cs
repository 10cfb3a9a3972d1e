namespace Microsoft.ML.Gmt.Graph;

/// <summary>Which files hold the triples of a graph, by <see cref="GraphSplit"/>; null where there is none.</summary>
/// <param name="Positives">Triples that are true where no label says otherwise.</param>
/// <param name="Negatives">Triples that are false, labels or not.</param>
internal sealed record SplitFiles(IReadOnlyList<string?> Positives, IReadOnlyList<string?> Negatives)
{
    private static readonly string[][] SplitNames = [["train"], ["valid", "validation", "dev", "val"], ["test"]];
    private static readonly string[] NegativeEndings = ["_negatives", "_negative", "_neg", "-negatives"];
    private static readonly string[] Extensions = [".tsv", ".txt", ".csv", ".nt", ".nq", ".ttl"];

    /// <summary>The files of a folder by their names, whatever their case.</summary>
    /// <exception cref="GraphFormatException">Two files are for one split.</exception>
    /// <param name="folder">The folder.</param>
    /// <param name="named">Files of true triples by split, which are not looked for; null for none.</param>
    public static SplitFiles In(string folder, IReadOnlyList<string?>? named = null) => In(folder, named, Extensions);

    /// <summary>The same, of files whose names end in some other way.</summary>
    public static SplitFiles In(string folder, IReadOnlyList<string?>? named, params string[] extensions)
    {
        string[] files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal)];
        string? Find(IEnumerable<string> stems)
        {
            string[] names = [.. stems.SelectMany(stem => extensions.Select(extension => stem + extension))];
            string[] found = [.. files.Where(file => names.Contains(Path.GetFileName(file), StringComparer.OrdinalIgnoreCase))
                .OrderBy(file => Array.FindIndex(names, name => name.Equals(Path.GetFileName(file), StringComparison.OrdinalIgnoreCase)))];
            return found.Length <= 1 ? found.FirstOrDefault() : throw new GraphFormatException(
                $"The folder '{folder}' has both '{Path.GetFileName(found[0])}' and '{Path.GetFileName(found[1])}'; "
                + "name the files to read one by one.");
        }

        return new SplitFiles(
            [.. SplitNames.Select((names, split) => named?[split] ?? Find(names))],
            [.. SplitNames.Select(names => Find(names.SelectMany(name => NegativeEndings.Select(ending => name + ending))))]);
    }

    /// <summary>All that are there.</summary>
    public IEnumerable<string> All => Positives.Concat(Negatives).OfType<string>();
}
