using System.CommandLine;
using Microsoft.ML.Gmt.Kge;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Which checkpoint of OpenKE gives its matrices, and where they go.</summary>
internal sealed class EmbeddingFlags
{
    /// <summary>The checkpoint.</summary>
    public Argument<string> Checkpoint { get; } = new("CHECKPOINT")
    {
        Description = "OpenKE's checkpoint (.ckpt, .pth, .pt), also of the format before PyTorch 1.6.",
    };

    /// <summary>The file to write.</summary>
    public Option<string> Output { get; } = Flag.Text(
        "--output_path",
        "The file to write (.safetensors, .pt): ent_embeddings and rel_embeddings. Without it only their widths are printed.",
        form: "FILE");

    /// <summary>Prints the widths and writes the matrices.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="detection">How the kind of model is known.</param>
    public int Extract(CommandContext context, OpenKeDetection detection)
    {
        string output = context.Get(Output);
        if (output.Length > 0)
        {
            VectorFile.Check(output);
        }

        using OpenKeCheckpoint checkpoint = OpenKeCheckpoint.Load(context.Get(Checkpoint), detection);
        context.Terminal.Output.WriteLine($"{checkpoint.Entities.size(1)} {checkpoint.RelationWidth}");
        if (output.Length > 0)
        {
            VectorFile.Write(
                output,
                [KeyValuePair.Create("ent_embeddings", checkpoint.Entities), KeyValuePair.Create("rel_embeddings", checkpoint.Relations)]);
        }

        return ExitCode.Success;
    }
}
