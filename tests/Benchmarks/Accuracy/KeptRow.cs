using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;

namespace Benchmarks.Accuracy;

/// <summary>
/// One row of the table for one seed, kept on disk: log-odds of all labeled rows, so that rows can be averaged and compared.
/// </summary>
/// <param name="Name">What judged.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Choice">What validation chose, in words.</param>
/// <param name="Seconds">Processor time without that of the features.</param>
/// <param name="OutOfFold">Log-odds of validation rows, each by what had not learned from it; empty where there are none.</param>
/// <param name="Test">Log-odds of test rows.</param>
internal sealed record KeptRow(string Name, int Seed, string Choice, double Seconds, float[] OutOfFold, float[] Test)
{
    /// <summary>What a folder keeps of a row, or else computes.</summary>
    public static KeptRow Get(string folder, string name, int seed, Func<KeptRow> compute)
    {
        string file = FileOf(folder, name, seed);
        if (File.Exists(file))
        {
            return JsonSerializer.Deserialize<KeptRow>(File.ReadAllBytes(file))!;
        }

        using var process = System.Diagnostics.Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        KeptRow row = compute();
        process.Refresh();
        row = row with { Seconds = (process.TotalProcessorTime - before).TotalSeconds };
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        AtomicFile.Write(file, stream => JsonSerializer.Serialize(stream, row));
        Console.Error.WriteLine($"{file}: {row.Choice}, {row.Seconds:f0} CPU seconds");
        return row;
    }

    /// <summary>The seeds of a row that a folder keeps, in their order.</summary>
    public static IReadOnlyList<KeptRow> Find(string folder, string name) =>
    [
        .. Enumerable.Range(1, 9).Select(seed => FileOf(folder, name, seed)).Where(File.Exists)
            .Select(file => JsonSerializer.Deserialize<KeptRow>(File.ReadAllBytes(file))!),
    ];

    private static string FileOf(string folder, string name, int seed) => Path.Combine(folder, "rows", $"{name}-seed{seed}.json");
}
