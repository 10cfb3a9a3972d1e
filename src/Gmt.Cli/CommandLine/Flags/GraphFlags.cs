using System.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Which graph, and how its files are read.</summary>
internal sealed class GraphFlags
{
    private readonly Option<string> _triples = Flag.Text(
        "--triple_file", "The file of triples that become edges, in that folder.", "train2id.txt", "FILE");
    private readonly Option<string> _format = Flag.Text("--triple_format", "The columns of triple files: h head, r relation, t tail.", "htr", "HRT");
    private readonly Option<bool> _inverse = Flag.Switch("--add_inverse", "Edges from tail to head get relations of their own.");

    /// <summary>The folder in OpenKE's layout.</summary>
    public Option<string> Folder { get; } = Flag.RequiredText("--kg_dir", "The graph's folder: entity2id.txt, relation2id.txt and triples.", "DIR");

    /// <summary>All options, in the reference's order.</summary>
    public Option[] All => [Folder, _triples, _format, _inverse];

    /// <summary>Whether inverse relations are wanted.</summary>
    public bool AddsInverse(CommandContext context) => context.Get(_inverse);

    /// <summary>
    /// Reads the graph: compatibly as the reference does, which reads the training triples only and passes faults over; else all of it, checked.
    /// </summary>
    public KnowledgeGraph Read(CommandContext context, bool compatible)
    {
        string folder = context.Get(Folder);
        OpenKeOptions options = new()
        {
            TrainFile = context.Get(_triples),
            TripleFormat = context.Get(_format),
            AddInverse = context.Get(_inverse),
            TrainingOnly = compatible,
            Compatibility = compatible ? OpenKeCompatibility.Reference : OpenKeCompatibility.Strict,
        };
        KnowledgeGraph graph = KnowledgeGraphReader.ReadOpenKe(folder, options, out OpenKeReport report);
        if (!report.IsClean)
        {
            context.Terminal.Warn(
                $"in {folder} the following was passed over: {string.Join(", ", Passed(report))}; 'gmt graph {folder}' shows each place");
        }

        return graph;
    }

    /// <summary>Reads the graph, checked, in the way that a model's training read it where the command line does not say.</summary>
    public KnowledgeGraph Read(CommandContext context, PythonArguments training) => KnowledgeGraphReader.ReadOpenKe(context.Get(Folder), new OpenKeOptions
    {
        TrainFile = context.IsGiven(_triples) ? context.Get(_triples) : training.Get("triple_file", context.Get(_triples)),
        TripleFormat = context.IsGiven(_format) ? context.Get(_format) : training.Get("triple_format", context.Get(_format)),
        AddInverse = context.Get(_inverse) || training.Get("add_inverse", otherwise: false),
    });

    private static IEnumerable<string> Passed(OpenKeReport report) =>
        new (int Count, string What)[]
        {
            (report.TripleLinesSkipped, "lines without three fields"), (report.CountLinesThatDisagree, "wrong counts"), (report.NegativeIds, "negative ids"),
            (report.NameLinesSkipped, "lines without a usable name"), (report.IdsWithoutName, "ids without a name"),
        }.Where(item => item.Count > 0).Select(item => $"{item.Count} {item.What}");
}
