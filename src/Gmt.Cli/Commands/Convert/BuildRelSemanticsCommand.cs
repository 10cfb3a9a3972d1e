using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Encodes what relations mean by a sentence model: the vectors that stage 1 starts from.</summary>
internal sealed class BuildRelSemanticsCommand : GmtCommand
{
    private readonly RelationDefinitionFlags _definitions = new();

    /// <summary>Creates the command.</summary>
    public BuildRelSemanticsCommand() : base("build-rel-semantics", "Encodes definitions of relations as vectors, by a sentence model.")
    {
        Add("Input", _definitions.Input);
        Add("Model", _definitions.Model);
        Add("Output", _definitions.Output, CompatibilityFlag.New());
    }

    /// <inheritdoc/>
    public override string Script => "build_rel_semantics";

    /// <inheritdoc/>
    public override string Example => """
        --relation2id examples/data/codex-s/relation2id.txt --definitions examples/data/codex-s/relation2text.txt \
        --output_path relations.safetensors
        """;

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        VectorFile.Check(context.Get(_definitions.Output));
        return _definitions.Encode(context, OpenKeNameFile.Read(context.Get(_definitions.Names)).Names);
    }
}
