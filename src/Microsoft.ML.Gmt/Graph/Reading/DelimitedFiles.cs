namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads a graph from delimited files: one a split, and texts where their folder has them.</summary>
internal static class DelimitedFiles
{
    private static readonly string[] Extensions = [".tsv", ".txt", ".csv"];

    public static KnowledgeGraph Read(string trainFile, string? validationFile, string? testFile, DelimitedOptions options, FaultLog? log = null)
    {
        log ??= FaultLog.Throwing;
        var entities = new Utf8NameTable();
        var relations = new Utf8NameTable();
        var files = new DelimitedTripleFile(entities, relations);
        Triple[][] triples = GraphContent.NoTriples();
        Triple[][] negatives = GraphContent.NoTriples();
        string?[] bySplit = [trainFile, validationFile, testFile];
        for (int split = 0; split < bySplit.Length; split++)
        {
            if (bySplit[split] is { } file)
            {
                (triples[split], negatives[split]) = files.Read(file, options, log);
            }
        }

        var content = new GraphContent(entities.ToVocabulary(), relations.ToVocabulary()) { Triples = triples, Negatives = negatives };
        string folder = Path.GetDirectoryName(Path.GetFullPath(trainFile))!;
        return new KnowledgeGraph(NameTextFile.AddFrom(folder, content, options.IgnoreTextsOfUnknownNames, log), options.AddInverse);
    }

    public static KnowledgeGraph ReadFolder(string folder, DelimitedOptions options, FaultLog? log = null)
    {
        string train = FindFile(folder, "train")
            ?? throw new FileNotFoundException(
                $"The folder '{folder}' has no '{OpenKeFolder.EntityFile}' and no 'train.tsv', 'train.txt' or 'train.csv'.",
                Path.Combine(folder, "train.tsv"));
        return Read(train, FindFile(folder, "valid", "validation", "dev"), FindFile(folder, "test"), options, log);
    }

    private static string? FindFile(string folder, params string[] names)
    {
        IEnumerable<string> places = names.SelectMany(name => Extensions.Select(extension => Path.Combine(folder, name + extension)));
        string[] found = [.. places.Where(File.Exists)];
        return found.Length <= 1
            ? found.FirstOrDefault()
            : throw new GraphFormatException(
                $"The folder '{folder}' has both '{Path.GetFileName(found[0])}' and '{Path.GetFileName(found[1])}'; name the files to read one by one.");
    }
}
