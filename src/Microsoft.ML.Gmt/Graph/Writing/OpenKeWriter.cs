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
        foreach ((GraphSplit split, string name) in GraphFile.Splits)
        {
            WriteTriples(Path.Combine(folder, $"{name}2id.txt"), graph.TripleMemory(split));
            if (split != GraphSplit.Train && !graph.Negatives(split).IsEmpty)
            {
                WriteTriples(Path.Combine(folder, $"{name}_neg2id.txt"), graph.NegativeMemory(split));
            }
        }

        GraphFile.WriteTexts(graph, folder, _ => true, _ => true);
    }

    private static void WriteNames(string path, Vocabulary names) =>
        GraphFile.WriteCounted(path, names.Count, names.Names.Select((name, id) => $"{Name(name)}\t{id}"));

    private static void WriteTriples(string path, ReadOnlyMemory<Triple> triples) => GraphFile.WriteCounted(
        path, triples.Length, triples.ToArray().Select(triple => $"{triple.Head}\t{triple.Tail}\t{triple.Relation}"));

    private static string Name(string name) => name.Length > 0 && name.Trim(' ') == name ? GraphFile.OfOneLine(name, tabs: false)
        : throw new NotSupportedException(
            $"The name '{name}' is empty, or begins or ends with a space, which OpenKE's layout does not keep; a .gmtgraph file "
            + "holds any name.");
}
