using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Kge;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary><c>process_kge.py</c>: a model is taken for ComplEx by its path.</summary>
internal sealed class ProcessKgeScript : GmtCommand
{
    private readonly EmbeddingFlags _embeddings = new();

    /// <summary>Creates the command.</summary>
    public ProcessKgeScript() : base("process_kge", "As process_kge.py: entity and relation vectors of an OpenKE checkpoint.")
    {
        Add(_embeddings.Checkpoint);
        Add("Output", _embeddings.Output);
    }

    /// <inheritdoc/>
    public override string Script => Name;

    /// <inheritdoc/>
    public override string Epilogue =>
        "The model is taken for ComplEx where 'complex', in lower case, occurs anywhere in the path, as in the Python script.";

    /// <inheritdoc/>
    public override string Example => "checkpoints/complex.ckpt --output_path relations.safetensors";

    /// <inheritdoc/>
    public override int Execute(CommandContext context) => _embeddings.Extract(context, OpenKeDetection.Path);
}
