using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;

namespace Benchmarks.Paths;

/// <summary>
/// Queries of a foundation model that may reach the most promising entities alone, beside exact ones of the same test triples, in turn on
/// one thread; best of several rounds. What queries of a relation share is computed before.
/// </summary>
internal sealed class PathLimitSpeed : IBenchmark
{
    private const int Rounds = 5;

    private static readonly Dictionary<string, (int Triples, int[] Limits)> Settings = new()
    {
        [PathGraphs.CodexS] = (60, [100, 200, 400, 800]),
        [PathGraphs.Fb15k237] = (12, [250, 500, 1000, 2000]),
        [PathGraphs.Wn18rr] = (60, [50, 100, 200, 400, 1000]),
    };

    public string Verb => "path-limits";

    public string What => "queries of a path model by how many more entities a layer may reach, beside exact ones";

    public void Run() => FoundationQueries.OnOneThread(Measure);

    private static void Measure(FoundationModel model)
    {
        Console.WriteLine("| graph | queries | more entities a layer | exact, CPU ms a query | limited, CPU ms a query | times faster |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        foreach ((string name, KnowledgeGraph graph) in PathGraphs.Read())
        {
            (int triples, int[] limits) = Settings[name];
            float[] scores = new float[graph.Entities.Count];
            using var exact = new FoundationQueries(model, graph, triples);
            Ask(exact, scores);
            foreach (int limit in limits)
            {
                using var limited = new FoundationQueries(model, graph, triples, limit);
                Ask(limited, scores);
                Best whole = new(), part = new();
                for (int round = 0; round < Rounds; round++)
                {
                    whole.Time(() => Ask(exact, scores));
                    part.Time(() => Ask(limited, scores));
                }

                double each = whole.ProcessorSeconds / exact.Count * 1e3, other = part.ProcessorSeconds / limited.Count * 1e3;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {name} | {exact.Count} | {limit:N0} | {each:f3} | {other:f3} | {each / other:f1} |"));
            }
        }
    }

    private static void Ask(FoundationQueries queries, float[] scores)
    {
        for (int i = 0; i < queries.Count; i++)
        {
            queries.ScoreAll(i, scores);
        }
    }
}
