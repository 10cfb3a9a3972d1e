using System.Globalization;
using System.Runtime.InteropServices;
using Examples.Catalogue;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Benchmarks;

/// <summary>Where figures come from.</summary>
internal static class Machine
{
    /// <summary>The processor, the system and what may have disturbed the figures.</summary>
    public static string Describe() => string.Create(CultureInfo.InvariantCulture,
        $"{Processor()}, {Environment.ProcessorCount} logical processors; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; "
        + $"native kernels {(NativeKernels.IsAvailable ? "on" : "off")}; load average {Load()}");

    /// <summary>The folder or file of a graph that the repository has.</summary>
    public static string DataSet(string name) => Example("data", name);

    /// <summary>The folder of a language model that the repository has.</summary>
    public static string Model(string name) => Example("models", name);

    /// <summary>
    /// The folder of a model that the repository has not: below a folder of <c>GMT_MODELS</c>, or in <c>shared/models</c> beside the
    /// repository; null where there is none.
    /// </summary>
    public static string? PretrainedModel(string name) =>
        (Environment.GetEnvironmentVariable("GMT_MODELS") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(Path.Combine(Example("models", "tiny-llama"), "..", "..", "..", "..", "shared", "models"))
            .Select(folder => Path.GetFullPath(Path.Combine(folder, name))).FirstOrDefault(Directory.Exists);

    /// <summary>
    /// The folder of a graph that the repository has not: in <c>shared/datasets</c> beside the repository; null where there is none.
    /// </summary>
    public static string? SharedDataSet(string name) =>
        Path.GetFullPath(Path.Combine(DataSet("codex-s"), "..", "..", "..", "..", "shared", "datasets", name)) is var folder
            && Directory.Exists(folder) ? folder : null;

    /// <summary>The catalogue of products of about so many facts, as one graph without splits.</summary>
    public static KnowledgeGraph Catalogue(int facts)
    {
        var builder = new KnowledgeGraphBuilder();
        foreach (Fact fact in CatalogueGenerator.Generate(facts, seed: 1))
        {
            builder.Add(fact.Head, fact.Relation, fact.Tail);
        }

        return builder.Build();
    }

    private static string Example(string kind, string name)
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string path = Path.Combine(folder, "examples", kind, name);
            if (Path.Exists(path))
            {
                return path;
            }
        }

        throw new DirectoryNotFoundException(
            $"examples/{kind}/{name} is in no folder above {AppContext.BaseDirectory}; run the benchmarks from the repository.");
    }

    private static string Processor()
    {
        const string file = "/proc/cpuinfo";
        string? line = File.Exists(file)
            ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string Load()
    {
        const string file = "/proc/loadavg";
        return File.Exists(file) ? File.ReadAllText(file).Split(' ')[0] : "unknown";
    }
}
