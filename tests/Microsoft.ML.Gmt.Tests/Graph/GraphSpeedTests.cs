using System.Diagnostics;
using System.Text;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>Prints how fast graphs are read and sampled; the figures depend on the machine, so only what came out is asserted.</summary>
[TestClass]
public sealed class GraphSpeedTests
{
    private const int Lines = 1_000_000;
    private const int Entities = 40_000;
    private const int Relations = 500;

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public void Openke_triples()
    {
        using var folder = new TemporaryFolder();
        folder.With("entity2id.txt", Names("entity", Entities)).With("relation2id.txt", Names("relation", Relations));
        folder.With("train2id.txt", $"{Lines}\n" + Text(' ', (head, relation, tail) => (head, tail, relation)));
        Report("OpenKE, lines", () => KnowledgeGraphReader.ReadOpenKe(folder.Path).Triples(GraphSplit.Train).Length);
    }

    [TestMethod]
    public void Named_triples()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.tsv", Text('\t', (head, relation, tail) => ($"/m/{head:x7}", $"/people/person/relation_{relation}", $"/m/{tail:x7}")));
        Report("TSV of names, lines", () => KnowledgeGraphReader.Read(folder["train.tsv"]).Triples(GraphSplit.Train).Length);
    }

    [TestMethod]
    [DataRow(NegativeSampling.Uniform)]
    [DataRow(NegativeSampling.Filtered)]
    [DataRow(NegativeSampling.Typed)]
    public void Negatives(NegativeSampling strategy)
    {
        KnowledgeGraph graph = Graphs.Random(Entities, Relations, Lines / 10);
        var sampler = new NegativeSampler(graph, strategy, new RandomStreams(1));
        Report($"{strategy} negatives", () =>
        {
            var negatives = new Triple[10];
            for (int row = 0; row < Lines / 10; row++)
            {
                sampler.Sample(graph.Triples(GraphSplit.Train)[row], negatives, row);
            }

            return Lines;
        });
    }

    [TestMethod]
    public void Evidence()
    {
        KnowledgeGraph graph = Graphs.Random(Entities / 10, Relations, Lines / 10);
        int edges = graph.TripleMemory(GraphSplit.Train).ToArray().Sum(triple => graph.Evidence(triple, maskQuery: false).MaximumCount);
        int masked = 0;
        Report("edges of masked evidence", () =>
        {
            masked = 0;
            foreach (Triple triple in graph.Triples(GraphSplit.Train))
            {
                foreach (int edge in graph.Evidence(triple))
                {
                    masked++;
                }
            }

            return edges;
        }, edges);
        Assert.IsLessThan(edges, masked);
    }

    private void Report(string what, Func<int> work, int expected = Lines)
    {
        double best = double.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            var clock = Stopwatch.StartNew();
            Assert.AreEqual(expected, work());
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        TestContext.WriteLine($"{what}: {expected / best / 1e6:F1} M/s on one thread");
    }

    private static string Names(string kind, int count) => $"{count}\n{string.Concat(Enumerable.Range(0, count).Select(id => $"{kind}{id}\t{id}\n"))}";

    private static string Text<T>(char delimiter, Func<int, int, int, (T First, T Second, T Third)> columns)
    {
        var random = new System.Random(1);
        var text = new StringBuilder();
        for (int i = 0; i < Lines; i++)
        {
            (T first, T second, T third) = columns(random.Next(Entities), random.Next(Relations), random.Next(Entities));
            text.Append(first).Append(delimiter).Append(second).Append(delimiter).Append(third).Append('\n');
        }

        return text.ToString();
    }
}
