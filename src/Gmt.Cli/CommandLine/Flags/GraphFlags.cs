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

    /// <summary>Reads all of the graph, checked.</summary>
    public KnowledgeGraph Read(CommandContext context) => KnowledgeGraphReader.ReadOpenKe(context.Get(Folder), Files(context));

    /// <summary>How the graph's files are laid out.</summary>
    public OpenKeOptions Files(CommandContext context) => new()
    {
        TrainFile = context.Get(_triples),
        TripleFormat = context.Get(_format),
        AddInverse = context.Get(_inverse),
    };

    /// <summary>Reads the graph, checked, in the way that a model's training read it where the command line does not say.</summary>
    public KnowledgeGraph Read(CommandContext context, PythonArguments training) => KnowledgeGraphReader.ReadOpenKe(context.Get(Folder), new OpenKeOptions
    {
        TrainFile = context.IsGiven(_triples) ? context.Get(_triples) : training.Get("triple_file", context.Get(_triples)),
        TripleFormat = context.IsGiven(_format) ? context.Get(_format) : training.Get("triple_format", context.Get(_format)),
        AddInverse = context.Get(_inverse) || training.Get("add_inverse", otherwise: false),
    });
}
