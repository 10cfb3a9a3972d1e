using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Benchmarks;

/// <summary>
/// How fast graphs are read and sampled, on made-up graphs of a million triples. A core's share is counted by processor time, so that
/// neither other cores nor other programs flatter it.
/// </summary>
internal sealed class GraphSpeed : IBenchmark
{
    private const int Rounds = 5;
    private const int Lines = 1_000_000;
    private const int Entities = 40_000;
    private const int Relations = 500;
    private const int NegativesPerTriple = 10;

    public string Verb => "graph";

    public string What => "reading triples (goal: 3 million lines a second and core), drawing negatives, collecting evidence";

    public void Run()
    {
        Console.WriteLine("| what | million a second and core | million a second |");
        Console.WriteLine("| --- | --- | --- |");
        string folder = Directory.CreateTempSubdirectory("gmt-bench-").FullName;
        try
        {
            Read(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        KnowledgeGraph graph = Graph();
        foreach (NegativeSampling strategy in Enum.GetValues<NegativeSampling>())
        {
            var sampler = new NegativeSampler(graph, strategy, new RandomStreams(1));
            Report(
                $"{strategy} negatives", Lines, () => sampler.SampleAll(graph.TripleMemory(GraphSplit.Train), NegativesPerTriple).Length);
        }

        long edges = 0;
        foreach (Triple triple in graph.Triples(GraphSplit.Train))
        {
            edges += graph.Adjacency.Degree(triple.Head) + graph.Adjacency.Degree(triple.Tail);
        }

        Report("edges of masked evidence, looked at", edges, () =>
        {
            long kept = 0;
            foreach (Triple triple in graph.Triples(GraphSplit.Train))
            {
                foreach (int _ in graph.Evidence(triple))
                {
                    kept++;
                }
            }

            return kept < edges ? edges : 0; // each triple's own edge is left out
        });
    }

    private static void Read(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "entity2id.txt"), Names("entity", Entities));
        File.WriteAllText(Path.Combine(folder, "relation2id.txt"), Names("relation", Relations));
        File.WriteAllText(Path.Combine(folder, "train2id.txt"), $"{Lines}\n" + Text((head, relation, tail) => $"{head} {tail} {relation}"));
        Report("lines of OpenKE ids", Lines, () => KnowledgeGraphReader.ReadOpenKe(folder).Triples(GraphSplit.Train).Length);

        string tsv = Path.Combine(folder, "train.tsv");
        File.WriteAllText(tsv, Text((head, relation, tail) => $"/m/{head:x7}\t/people/person/relation_{relation}\t/m/{tail:x7}"));
        Report("lines of names, tabs between", Lines, () => KnowledgeGraphReader.Read(tsv).Triples(GraphSplit.Train).Length);

        string csv = Path.Combine(folder, "train.csv");
        File.WriteAllText(csv, Text((head, relation, tail) => $"\"/m/{head:x7}\",\"/people/person/relation_{relation}\",\"/m/{tail:x7}\""));
        Report(
            "lines of names in quotation marks, commas between", Lines,
            () => KnowledgeGraphReader.Read(csv).Triples(GraphSplit.Train).Length);
    }

    private static void Report(string what, long count, Func<long> work)
    {
        Best best = new();
        for (int round = 0; round < Rounds; round++)
        {
            best.Time(() =>
            {
                if (work() != count)
                {
                    throw new InvalidOperationException($"{what}: not everything was counted.");
                }
            });
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {count / best.ProcessorSeconds / 1e6:f1} | {count / best.Seconds / 1e6:f1} |"));
    }

    private static KnowledgeGraph Graph()
    {
        var random = new CounterRandom(1);
        var builder = new KnowledgeGraphBuilder(
            Enumerable.Range(0, Entities).Select(id => $"e{id}"), Enumerable.Range(0, Relations).Select(id => $"r{id}"));
        for (int i = 0; i < Lines / NegativesPerTriple; i++)
        {
            builder.Add(new Triple(random.Next(Entities), random.Next(Relations), random.Next(Entities)));
        }

        return builder.Build();
    }

    private static string Names(string kind, int count) =>
        $"{count}\n{string.Concat(Enumerable.Range(0, count).Select(id => $"{kind}{id}\t{id}\n"))}";

    private static string Text(Func<int, int, int, string> line)
    {
        var random = new CounterRandom(2);
        var text = new StringBuilder();
        for (int i = 0; i < Lines; i++)
        {
            text.Append(line(random.Next(Entities), random.Next(Relations), random.Next(Entities))).Append('\n');
        }

        return text.ToString();
    }
}
