using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>A graph of 24 entities and 7 relations in OpenKE's layout, for commands that need any.</summary>
internal static class SmallGraph
{
    public const int Entities = 24, Relations = 7, Triples = 45;

    /// <summary>Writes its files and returns the folder.</summary>
    public static string Write(string folder, int relations = Relations)
    {
        Directory.CreateDirectory(folder);
        var random = new CounterRandom(5);
        Lines(folder, "entity2id.txt", Entities, id => $"e{id}\t{id}");
        Lines(folder, "relation2id.txt", relations, id => $"r{id}\t{id}");
        Lines(folder, "train2id.txt", Triples, _ => $"{random.Next(Entities)} {random.Next(Entities)} {random.Next(relations)}");
        return folder;
    }

    private static void Lines(string folder, string file, int count, Func<int, string> line) =>
        File.WriteAllLines(
            Path.Combine(folder, file), [count.ToString(CultureInfo.InvariantCulture), .. Enumerable.Range(0, count).Select(line)]);
}
