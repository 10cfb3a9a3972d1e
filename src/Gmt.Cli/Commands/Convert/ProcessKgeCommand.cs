using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Scripts;
using Microsoft.ML.Gmt.Kge;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Takes the entity and relation matrices out of a knowledge graph embedding that OpenKE trained.</summary>
internal sealed class ProcessKgeCommand : GmtCommand
{
    private readonly Argument<string> _checkpoint = new("CHECKPOINT")
    {
        Description = "OpenKE's checkpoint (.ckpt, .pth, .pt), also of the format before PyTorch 1.6.",
    };

    private readonly Option<string> _output = Flag.Text(
        "--output_path", "The file to write (.safetensors, .pt): ent_embeddings and rel_embeddings. Without it only their widths are printed.", form: "FILE");

    private readonly CompatibilityFlag _compatible;

    /// <summary>Creates the command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="compatible">Whether it always does what the Python script does.</param>
    public ProcessKgeCommand(string name, bool compatible)
        : base(
            name,
            compatible ? "As process_kge.py: entity and relation vectors of an OpenKE checkpoint."
            : "Entity and relation vectors of an OpenKE checkpoint.")
    {
        _compatible = new CompatibilityFlag(compatible);
        Add(_checkpoint);
        Add("Output", [_output, .. _compatible.All]);
    }

    /// <inheritdoc/>
    public override string Epilogue => _compatible.All.Length == 0
        ? "The model is taken for ComplEx where 'complex', in lower case, occurs anywhere in the path, as in the Python script."
        : "";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        string output = context.Get(_output);
        if (output.Length > 0)
        {
            VectorFile.Check(output);
        }

        OpenKeDetection detection = _compatible.IsOn(context) ? OpenKeDetection.Path : OpenKeDetection.TensorNames;
        using OpenKeCheckpoint checkpoint = OpenKeCheckpoint.Load(context.Get(_checkpoint), detection);
        context.Terminal.Output.WriteLine($"{checkpoint.Entities.size(1)} {checkpoint.RelationWidth}");
        if (output.Length > 0)
        {
            VectorFile.Write(output, [KeyValuePair.Create("ent_embeddings", checkpoint.Entities), KeyValuePair.Create("rel_embeddings", checkpoint.Relations)]);
        }

        return ExitCode.Success;
    }
}
