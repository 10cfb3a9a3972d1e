using System.Diagnostics;
using System.Text;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>Prints how fast files are read on one thread; the figures depend on the machine, so only what was read is asserted.</summary>
[TestClass]
public sealed class ReaderSpeedTests
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
        Report("OpenKE", () => KnowledgeGraphReader.ReadOpenKe(folder.Path));
    }

    [TestMethod]
    public void Named_triples()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.tsv", Text('\t', (head, relation, tail) => ($"/m/{head:x7}", $"/people/person/relation_{relation}", $"/m/{tail:x7}")));
        Report("TSV of names", () => KnowledgeGraphReader.Read(folder["train.tsv"]));
    }

    private void Report(string what, Func<KnowledgeGraph> read)
    {
        double best = double.MaxValue;
        for (int round = 0; round < 4; round++)
        {
            var clock = Stopwatch.StartNew();
            Assert.AreEqual(Lines, read().Triples(GraphSplit.Train).Length);
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        TestContext.WriteLine($"{what}: {Lines / best / 1e6:F1} M lines/s on one thread");
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
