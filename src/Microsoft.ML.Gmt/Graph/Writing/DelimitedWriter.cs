namespace Microsoft.ML.Gmt.Graph;

/// <summary>Writes the triples of a graph by their names: a header, then a triple a line, with a label where there are negatives.</summary>
/// <param name="delimiter">
/// A tab, where names stand as they are; or another character, where they stand in quotation marks if need be.
/// </param>
internal sealed class DelimitedWriter(char delimiter)
{
    private const char Quote = '"';

    /// <summary>
    /// Writes a folder: <c>train</c>, <c>valid</c> and <c>test</c>, the last two where there are such triples, and texts.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="folder">A folder; its files of these names are replaced.</param>
    /// <exception cref="NotSupportedException">A name or text cannot be written.</exception>
    public void WriteFolder(KnowledgeGraph graph, string folder)
    {
        string extension = delimiter == '\t' ? "tsv" : "csv";
        foreach ((GraphSplit split, string name) in GraphFile.Splits)
        {
            if (split == GraphSplit.Train || !graph.Triples(split).IsEmpty || !graph.Negatives(split).IsEmpty)
            {
                WriteFile(graph, Path.Combine(folder, $"{name}.{extension}"), split);
            }
        }

        // A name without a triple is in none of the files, so nothing can be said of it either.
        UsedNames used = UsedNames.In(graph, Enum.GetValues<GraphSplit>());
        GraphFile.WriteTexts(graph, folder, entity => used.Entities[entity], relation => used.Relations[relation]);
    }

    /// <summary>Writes the triples of some splits to one file, which does not say which is of which.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="path">The file.</param>
    /// <param name="splits">The splits.</param>
    /// <exception cref="NotSupportedException">A name cannot be written.</exception>
    public void WriteFile(KnowledgeGraph graph, string path, params GraphSplit[] splits)
    {
        bool labeled = splits.Any(split => !graph.Negatives(split).IsEmpty);
        string header = string.Join(delimiter, ["head", "relation", "tail", .. labeled ? ["label"] : Array.Empty<string>()]);
        IEnumerable<string> Lines(Func<GraphSplit, ReadOnlyMemory<Triple>> triples, string label) =>
            splits.SelectMany(split => triples(split).ToArray()).Select(triple => Line(graph, triple, labeled ? label : null))
                .Select(line => line != header ? line : throw new NotSupportedException(
                    "a triple reads as the header does, head, relation, tail; a .gmtgraph file holds any names."));
        GraphFile.Write(path, [header, .. Lines(graph.TripleMemory, "1"), .. Lines(graph.NegativeMemory, "0")]);
    }

    /// <summary>A field, in quotation marks if need be (RFC 4180).</summary>
    public static string Quoted(string text, char delimiter) =>
        text.AsSpan().IndexOfAny([delimiter, Quote, '\r', '\n']) < 0 && text.Trim() == text
            ? text
            : $"{Quote}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}{Quote}";

    private string Line(KnowledgeGraph graph, Triple triple, string? label)
    {
        string names = string.Join(
            delimiter, Field(graph.Entities[triple.Head]), Field(graph.Relations[triple.Relation]), Field(graph.Entities[triple.Tail]));
        return label is null ? names : $"{names}{delimiter}{label}";
    }

    private string Field(string name)
    {
        GraphFile.OfOneLine(name, tabs: delimiter != '\t');
        return delimiter == '\t' ? name : Quoted(name, delimiter);
    }
}
