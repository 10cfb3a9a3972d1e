using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>Graphs: tables, OpenKE's folders, our own format. A check finds faults and throws none.</summary>
internal static class GraphTargets
{
    /// <summary>A file of triples of names whose ending says nothing.</summary>
    public static void Delimited(byte[] input) => Read(FuzzFile.Write("triples.txt", input));

    /// <summary>A CSV file.</summary>
    public static void Csv(byte[] input) => Read(FuzzFile.Write("triples.csv", input));

    /// <summary>The files of an OpenKE folder.</summary>
    public static void OpenKe(byte[] input) => Read(FuzzFile.WriteFolder(
        "openke", input, "entity2id.txt", "relation2id.txt", "train2id.txt", "valid2id.txt", "test2id.txt", "entity2text.txt"));

    /// <summary>The files of a LibKGE folder.</summary>
    public static void LibKge(byte[] input) => Read(FuzzFile.WriteFolder(
        "libkge", input, "entity_ids.del", "relation_ids.del", "train.del", "valid.del", "entity_strings.del"));

    /// <summary>A saved graph; what is taken is saved again to the same bytes' meaning.</summary>
    public static void SavedGraph(byte[] input)
    {
        using MemoryStream stream = new(input);
        KnowledgeGraph graph = KnowledgeGraphFormat.Load(stream);
        using MemoryStream again = new();
        KnowledgeGraphFormat.Save(graph, again);
    }

    private static void Read(string path)
    {
        GraphCheck.Read(path);
        KnowledgeGraphReader.Read(path);
    }
}
