using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Scripts;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Encodes what relations mean by a sentence model: the vectors that stage 1 starts from.</summary>
internal sealed class BuildRelSemanticsCommand : GmtCommand
{
    private const string Organization = "sentence-transformers";

    private readonly Option<string> _names = Flag.RequiredText("--relation2id", "The file of the graph's relations, relation2id.txt.", "FILE");
    private readonly Option<string> _definitions = Flag.RequiredText(
        "--definitions", "What they mean: JSON object, or lines of relation and text (TSV, CSV).", "FILE");
    private readonly Option<string> _output = Flag.RequiredText("--output_path", "The file to write.", "FILE");
    private readonly Option<string> _model = Flag.Text(
        "--model_name", "The sentence model: a folder, or a name in the local Hugging Face cache.", $"{Organization}/all-MiniLM-L6-v2", "MODEL");

    private readonly Option<int> _batchSize = Flag.Integer("--batch_size", "Texts encoded at once.", 32);
    private readonly CompatibilityFlag _compatible;

    /// <summary>Creates the command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="compatible">Whether it always does what the Python script does.</param>
    public BuildRelSemanticsCommand(string name, bool compatible)
        : base(
            name,
            compatible ? "As build_rel_semantics.py: encodes definitions of relations as vectors."
            : "Encodes definitions of relations as vectors, by a sentence model.")
    {
        _compatible = new CompatibilityFlag(compatible);
        Add("Input", _names, _definitions);
        Add("Model", _model, _batchSize);
        Add("Output", [_output, .. _compatible.All]);
    }

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        bool compatible = _compatible.IsOn(context);
        string output = context.Get(_output);
        VectorFile.Check(output, anyEnding: compatible);
        DefinitionFile definitions = DefinitionFile.Read(context.Get(_definitions));
        IReadOnlyList<string?> names = RelationNames.Read(context.Get(_names), compatible);
        Report(context, definitions, names);

        // An id without a name has an empty text, as in the Python script.
        string[] texts = [.. names.Select(name => name is null ? "" : definitions.TextsOf([name])[0])];
        using SentenceEncoder encoder = SentenceEncoder.Load(new ModelLocator().Find(context.Get(_model), Organization), DeviceFlag.Automatic);
        using var scope = NewDisposeScope();
        Tensor vectors = encoder.Encode(texts, context.Get(_batchSize));   // [relations, dimension]
        VectorFile.Write(output, [KeyValuePair.Create("rel_embeddings", vectors)]);
        context.Terminal.Output.WriteLine($"Saved torch.Size([{vectors.size(0)}, {vectors.size(1)}]) to {output}");
        return ExitCode.Success;
    }

    private static void Report(CommandContext context, DefinitionFile definitions, IReadOnlyList<string?> names)
    {
        if (definitions.SkippedLines > 0)
        {
            context.Terminal.Warn($"{definitions.SkippedLines} lines of definitions have neither tab nor comma and were skipped");
        }

        int without = names.Count(name => name is null || !definitions.Definitions.ContainsKey(name));
        if (without > 0)
        {
            context.Terminal.Warn($"{without} of {names.Count} relations have no definition and are encoded by their names");
        }
    }
}
