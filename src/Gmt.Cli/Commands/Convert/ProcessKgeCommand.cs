using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Kge;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Takes the entity and relation matrices out of a knowledge graph embedding that OpenKE trained.</summary>
internal sealed class ProcessKgeCommand : GmtCommand
{
    private readonly EmbeddingFlags _embeddings = new();

    /// <summary>Creates the command.</summary>
    public ProcessKgeCommand() : base("process-kge", "Entity and relation vectors of an OpenKE checkpoint.")
    {
        Add(_embeddings.Checkpoint);
        Add("Output", _embeddings.Output, CompatibilityFlag.New());
    }

    /// <inheritdoc/>
    public override string Script => "process_kge";

    /// <inheritdoc/>
    public override string Example => "checkpoints/complex.ckpt --output_path relations.safetensors";

    /// <inheritdoc/>
    public override int Execute(CommandContext context) => _embeddings.Extract(context, OpenKeDetection.TensorNames);
}
