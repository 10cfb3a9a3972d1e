using System.Collections.Immutable;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads a graph from files of triples of names: one or two a split, and texts where their folder has them.</summary>
internal static class DelimitedFiles
{
    /// <summary>Reads files that are named one by one.</summary>
    public static KnowledgeGraph Read(string trainFile, string? validationFile, string? testFile, DelimitedOptions options, FaultLog log)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(trainFile))!;
        return Read(folder, new SplitFiles([trainFile, validationFile, testFile], [null, null, null]), options,
            ImmutableHashSet<string>.Empty, log);
    }

    /// <summary>Reads the files of a folder: of each split the one that is named, else the one of a usual name.</summary>
    public static KnowledgeGraph ReadFolder(string folder, DelimitedOptions options, FaultLog log, IReadOnlyList<string?>? named = null)
    {
        SplitFiles files = SplitFiles.In(folder, named);
        if (files.Positives[(int)GraphSplit.Train] is null)
        {
            string[] there = [.. Directory.EnumerateFiles(folder).Select(path =>
                $"'{Path.GetFileName(path)}'").Order(StringComparer.Ordinal).Take(10)];
            throw new FileNotFoundException(
                $"The folder '{folder}' has no '{OpenKeFolder.EntityFile}' and no 'train.tsv', 'train.txt', 'train.csv' or 'train.nt'"
                + (there.Length > 0 ? $", but {string.Join(", ", there)}; read a single file by its own path." : "."),
                Path.Combine(folder, "train.tsv"));
        }

        KnowledgeGraph graph = Read(folder, files, options, RelationNameFiles.Read(folder), log);
        UnreadFiles.Note(folder, files.All, graph.Content, log);
        return graph;
    }

    private static KnowledgeGraph Read(
        string folder, SplitFiles files, DelimitedOptions options, IReadOnlySet<string> relationNames, FaultLog log)
    {
        var names = new NameIds();
        Triple[][] triples = GraphContent.NoTriples(), negatives = GraphContent.NoTriples();
        PlannedFile[] plan = [.. Plan(files, options)];
        foreach (PlannedFile file in plan)
        {
            (Triple[] stated, Triple[] denied) = Read(file, plan, relationNames, names, log);
            (triples[file.Split], negatives[file.Split]) = file.IsNegative
                ? (triples[file.Split], [.. negatives[file.Split], .. stated, .. denied])
                : (stated, denied);
        }

        GraphContent content = names.ToContent() with { Triples = triples, Negatives = negatives };
        return new KnowledgeGraph(NameTextFile.AddFrom(folder, content, options.IgnoreTextsOfUnknownNames, log), options.AddInverse);
    }

    private static IEnumerable<PlannedFile> Plan(SplitFiles files, DelimitedOptions options)
    {
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            foreach ((string? path, bool isNegative) in new[] { (files.Positives[(int)split], false), (files.Negatives[(int)split], true) })
            {
                if (path is not null)
                {
                    DelimitedFormat format = options.Of(split);
                    DelimitedSample sample = DelimitedSample.Of(path);
                    bool isNTriples = format is { Delimiter: null, Columns: null } && NTriplesFile.IsAt(sample);
                    yield return new PlannedFile(path, (int)split, isNegative, isNTriples ? null
                        : new DelimitedLayoutFinder(sample, format));
                }
            }
        }
    }

    private static (Triple[] Triples, Triple[] Negatives) Read(
        PlannedFile file, PlannedFile[] plan, IReadOnlySet<string> relationNames, NameIds names, FaultLog log)
    {
        if (file.Layout is null)
        {
            return (new NTriplesFile(names).Read(file.Path, log), []);
        }

        DelimitedLayout layout = file.Layout.Find(plan.Select(other => other.Layout?.HeaderColumns).OfType<string>(), relationNames, log);
        log.IsOrderGuessed |= layout.IsGuessed;
        log.IsHeaderGuessed |= layout.IsHeaderGuessed;
        return new DelimitedTripleFile(layout, names).Read(file.Path, log);
    }

    /// <param name="Path">The file.</param>
    /// <param name="Split">Its split, as an index.</param>
    /// <param name="IsNegative">Whether its triples are false.</param>
    /// <param name="Layout">Finds what it looks like; null for N-Triples.</param>
    private sealed record PlannedFile(string Path, int Split, bool IsNegative, DelimitedLayoutFinder? Layout);
}
