namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Writes a graph as a folder in OpenKE's layout, as <see cref="KnowledgeGraphReader.ReadOpenKe(string, OpenKeOptions?)"/> reads it.
/// </summary>
internal static class OpenKeWriter
{
    /// <summary>Writes all that the layout has room for: not the labeled negatives of the training split.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="folder">A folder; its files of these names are replaced.</param>
    /// <exception cref="NotSupportedException">A name or text cannot be written.</exception>
    public static void Write(KnowledgeGraph graph, string folder)
    {
        WriteNames(Path.Combine(folder, OpenKeFolder.EntityFile), graph.Entities);
        WriteNames(Path.Combine(folder, OpenKeFolder.RelationFile), graph.Relations);
        WriteTriples(Path.Combine(folder, OpenKeFolder.TrainFile), graph.TripleMemory(GraphSplit.Train));
        WriteTriples(Path.Combine(folder, OpenKeFolder.ValidationFile), graph.TripleMemory(GraphSplit.Validation));
        WriteTriples(Path.Combine(folder, OpenKeFolder.TestFile), graph.TripleMemory(GraphSplit.Test));
        WriteNegatives(Path.Combine(folder, OpenKeFolder.ValidationNegatives), graph.NegativeMemory(GraphSplit.Validation));
        WriteNegatives(Path.Combine(folder, OpenKeFolder.TestNegatives), graph.NegativeMemory(GraphSplit.Test));
        GraphFile.WriteTexts(graph, folder, _ => true, _ => true);
    }

    private static void WriteNames(string path, Vocabulary names) =>
        GraphFile.WriteCounted(path, names.Count, names.Names.Select((name, id) => $"{Name(name)}\t{id}"));

    private static void WriteTriples(string path, ReadOnlyMemory<Triple> triples) => GraphFile.WriteCounted(
        path, triples.Length, triples.ToArray().Select(triple => $"{triple.Head}\t{triple.Tail}\t{triple.Relation}"));

    private static void WriteNegatives(string path, ReadOnlyMemory<Triple> triples)
    {
        if (!triples.IsEmpty)
        {
            WriteTriples(path, triples);
        }
    }

    private static string Name(string name) => name.Length > 0 && name.Trim(' ') == name ? GraphFile.OfOneLine(name, tabs: false)
        : throw new NotSupportedException(
            $"The name '{name}' is empty, or begins or ends with a space, which OpenKE's layout does not keep; a .gmtgraph file "
            + "holds any name.");
}
