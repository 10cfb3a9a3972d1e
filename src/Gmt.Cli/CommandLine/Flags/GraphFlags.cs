using System.CommandLine;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Which graph, and how its files are read: the scripts' options.</summary>
/// <param name="folder">The option that leads to the graph; null for the scripts' own.</param>
internal sealed class GraphFlags(Option<string>? folder = null)
{
    private static readonly OpenKeOptions Defaults = new();

    /// <summary>Where the graph is.</summary>
    public Option<string> Folder { get; } = folder
        ?? Flag.RequiredText("--kg_dir", "The graph's folder: entity2id.txt, relation2id.txt and triples.", "DIR");

    /// <summary>The file of training triples.</summary>
    public Option<string> TripleFile { get; } = Flag.Text(
        "--triple_file", "The file of triples that become edges, in that folder.", Defaults.TrainFile, "FILE");

    /// <summary>The columns of OpenKE's triple files.</summary>
    public Option<string> TripleFormat { get; } = Flag.Text(
        "--triple_format", "The columns of triple files: h head, r relation, t tail.", Defaults.TripleFormat, "HRT");

    /// <summary>Whether edges have inverses.</summary>
    public Option<bool> AddInverse { get; } = Flag.Switch("--add_inverse", "Edges from tail to head get relations of their own.");

    /// <summary>All options, in the reference's order.</summary>
    public Option[] All => [Folder, TripleFile, TripleFormat, AddInverse];

    /// <summary>How the files of a folder in OpenKE's layout are read.</summary>
    public OpenKeOptions Files(CommandContext context) => new()
    {
        TrainFile = context.Get(TripleFile),
        TripleFormat = context.Get(TripleFormat),
        AddInverse = context.Get(AddInverse),
    };
}
