using Microsoft.ML.Gmt.Cli.CommandLine;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary><c>build_rel_semantics.py</c>: any ending of the file to write, ids without names.</summary>
internal sealed class BuildRelSemanticsScript : GmtCommand
{
    private readonly RelationDefinitionFlags _definitions = new();

    /// <summary>Creates the command.</summary>
    public BuildRelSemanticsScript() : base(
        "build_rel_semantics", "As build_rel_semantics.py: encodes definitions of relations as vectors.")
    {
        Add("Input", _definitions.Input);
        Add("Model", _definitions.Model);
        Add("Output", _definitions.Output);
    }

    /// <inheritdoc/>
    public override string Script => Name;

    /// <inheritdoc/>
    public override string Example => """
        --relation2id examples/data/codex-s/relation2id.txt --definitions examples/data/codex-s/relation2text.txt \
        --output_path relations.pt
        """;

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        VectorFile.Check(context.Get(_definitions.Output), anyEnding: true);
        return _definitions.Encode(context, RelationNames.Read(context.Get(_definitions.Names)));
    }
}
