using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary>Reads a graph as the scripts do: its training triples only, faults passed over.</summary>
internal static class ScriptGraph
{
    /// <summary>Reads it; what was passed over is counted in a warning.</summary>
    public static KnowledgeGraph Read(CommandContext context, GraphFlags flags)
    {
        string folder = context.Get(flags.Folder);
        OpenKeOptions options = flags.Files(context) with { TrainingOnly = true, Compatibility = OpenKeCompatibility.Reference };
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder, options, out OpenKeReport report);
        if (!report.IsClean)
        {
            context.Terminal.Warn(
                $"in {folder} the following was passed over: {string.Join(", ", Passed(report))}; 'gmt graph {folder}' shows each place");
        }

        return graph;
    }

    private static IEnumerable<string> Passed(OpenKeReport report) =>
        new (int Count, string What)[]
        {
            (report.TripleLinesSkipped, "lines without three fields"), (report.CountLinesThatDisagree, "wrong counts"),
            (report.NegativeIds, "negative ids"), (report.NameLinesSkipped, "lines without a usable name"),
            (report.IdsWithoutName, "ids without a name"),
        }.Where(item => item.Count > 0).Select(item => $"{item.Count} {item.What}");
}
