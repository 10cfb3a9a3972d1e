using Microsoft.ML.Gmt.Graph;

namespace Benchmarks.Paths;

/// <summary>The graphs that path models are measured on.</summary>
internal static class PathGraphs
{
    public const string CodexS = "CoDEx-S", Fb15k237 = "FB15k-237", Wn18rr = "WN18RR";

    /// <summary>Reads one after the other; of those that are missing it says so.</summary>
    public static IEnumerable<(string Name, KnowledgeGraph Graph)> Read()
    {
        (string Name, string? Folder)[] all =
        [
            (CodexS, Machine.DataSet("codex-s")), (Fb15k237, Machine.SharedDataSet("fb15k-237")), (Wn18rr, Machine.SharedDataSet("wn18rr")),
        ];
        foreach ((string name, string? folder) in all)
        {
            if (folder is null)
            {
                Console.Error.WriteLine($"{name} is not in shared/datasets beside the repository; left out.");
                continue;
            }

            yield return (name, KnowledgeGraphReader.ReadOpenKe(folder));
        }
    }
}
