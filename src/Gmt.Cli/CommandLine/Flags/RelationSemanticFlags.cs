using System.CommandLine;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Where the relations' vectors come from: a file, else an embedding model's relations, else they are random.</summary>
internal sealed class RelationSemanticFlags
{
    /// <summary>A file of vectors.</summary>
    public Option<string> Path { get; } = Flag.Text(
        "--rel_semantic_path", "A file of relation vectors, as build_rel_semantics writes it.", form: "FILE");

    /// <summary>The width of random ones.</summary>
    public Option<int> Dimension { get; } = Flag.Integer(
        "--rel_semantic_dim", "Width of random relation vectors.", RelationSemanticsSource.Defaults.Width, least: 1, most: 65_536);

    /// <summary>An embedding model's checkpoint.</summary>
    public Option<string> Embeddings { get; } = Flag.Text(
        "--kge_model", "An OpenKE checkpoint whose relation vectors are taken.", form: "FILE");

    /// <summary>All options, in the reference's order.</summary>
    public Option[] All => [Path, Dimension, Embeddings];

    /// <summary>The source that the options name; null where none does, so that vectors of the usual width are random.</summary>
    public RelationSemanticsSource? Source(CommandContext context) =>
        context.Get(Path) is { Length: > 0 } path ? RelationSemanticsSource.FromFile(path)
        : context.Get(Embeddings) is { Length: > 0 } checkpoint ? RelationSemanticsSource.FromOpenKe(checkpoint)
        : context.IsGiven(Dimension) ? RelationSemanticsSource.Random(context.Get(Dimension))
        : null;
}
