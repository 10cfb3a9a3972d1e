using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>The benchmark graphs load, and every count that their files promise is met.</summary>
[TestClass]
public sealed class DataSetTests
{
    [TestMethod]
    [DataRow("codex-s")]
    [DataRow("fb15k-237n")]
    [DataRow("fb15k-237")]
    [DataRow("wn18rr")]
    [DataRow("umls")]
    public void A_benchmark_graph_loads_whole(string name)
    {
        string folder = Goldens.DataSet(name);
        KnowledgeGraph graph = KnowledgeGraphReader.Read(folder);

        Assert.AreEqual(Promised(folder, "entity2id.txt"), graph.Entities.Count);
        Assert.AreEqual(Promised(folder, "relation2id.txt"), graph.Relations.Count);
        Assert.AreEqual(Promised(folder, "train2id.txt"), graph.Triples(GraphSplit.Train).Length);
        Assert.AreEqual(Promised(folder, "valid2id.txt"), graph.Triples(GraphSplit.Validation).Length);
        Assert.AreEqual(Promised(folder, "test2id.txt"), graph.Triples(GraphSplit.Test).Length);
        Assert.AreEqual(Promised(folder, "valid_neg2id.txt"), graph.Negatives(GraphSplit.Validation).Length);
        Assert.AreEqual(Promised(folder, "test_neg2id.txt"), graph.Negatives(GraphSplit.Test).Length);
        GraphStatistics statistics = GraphStatistics.Of(graph);
        Assert.AreEqual(Lines(folder, "entity2text.txt"), statistics.EntityTexts);
        Assert.AreEqual(Lines(folder, "relation2text.txt"), statistics.RelationTexts);
        Assert.AreEqual(Lines(folder, "entity2definition.txt"), statistics.EntityDefinitions);
        Assert.AreEqual(2 * graph.Triples(GraphSplit.Train).Length, graph.Adjacency.EdgeCount);
        List<(int, int)>[] naive = Graphs.NaiveEdges(graph);
        for (int entity = 0; entity < naive.Length; entity++)
        {
            CollectionAssert.AreEqual(naive[entity], Graphs.EdgesOf(graph, entity));
        }
    }

    [TestMethod]
    public void A_data_set_reads_the_same_through_every_reader()
    {
        string folder = Goldens.DataSet("codex-s");
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder);
        KnowledgeGraph compatible = KnowledgeGraphReader.ReadOpenKe(
            folder, new OpenKeOptions { Compatibility = OpenKeCompatibility.Reference }, out OpenKeReport report);
        Assert.AreEqual(Graphs.Describe(graph), Graphs.Describe(compatible));
        Assert.IsTrue(report.IsClean);

        using var names = new TemporaryFolder();
        foreach ((GraphSplit split, string file) in new[] { (GraphSplit.Train, "train.tsv"), (GraphSplit.Validation, "valid.tsv"), (GraphSplit.Test, "test.tsv") })
        {
            var text = new StringBuilder();
            foreach (Triple triple in graph.Triples(split))
            {
                text.AppendJoin(
                    '\t', graph.Entities[triple.Head], graph.Relations[triple.Relation], graph.Entities[triple.Tail]).Append('\n');
            }

            names.With(file, text.ToString());
        }

        KnowledgeGraph named = KnowledgeGraphReader.Read(names.Path);
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            CollectionAssert.AreEqual(
                graph.TripleMemory(split).ToArray(),
                named.TripleMemory(split).ToArray().Select(triple => new Triple(
                    graph.Entities.GetId(named.Entities[triple.Head]), graph.Relations.GetId(named.Relations[triple.Relation]),
                    graph.Entities.GetId(named.Entities[triple.Tail]))).ToArray());
        }

        using var stream = new MemoryStream();
        KnowledgeGraphFormat.Save(graph, stream);
        stream.Position = 0;
        Assert.AreEqual(Graphs.Describe(graph), Graphs.Describe(KnowledgeGraphFormat.Load(stream)));
    }

    private static int Promised(string folder, string file)
    {
        string path = Path.Combine(folder, file);
        return File.Exists(path) ? int.Parse(File.ReadLines(path).First(), CultureInfo.InvariantCulture) : 0;
    }

    private static int Lines(string folder, string file) => File.ReadLines(Path.Combine(folder, file)).Count();
}
