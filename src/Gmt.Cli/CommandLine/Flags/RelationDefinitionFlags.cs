using System.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Which definitions of which relations a sentence model encodes, and where the vectors go.</summary>
internal sealed class RelationDefinitionFlags
{
    private const string Organization = "sentence-transformers";

    private readonly Option<string> _definitions = Flag.RequiredText(
        "--definitions", "What they mean: JSON object, or lines of relation and text (TSV, CSV).", "FILE");
    private readonly Option<string> _model = Flag.Text(
        "--model_name", "The sentence model: a folder, or a name in the local Hugging Face cache.", $"{Organization}/all-MiniLM-L6-v2",
        "MODEL");

    private readonly Option<int> _batchSize = Flag.Integer("--batch_size", "Texts encoded at once.", 32, least: 1, most: 1_000_000);

    /// <summary>The file of relations.</summary>
    public Option<string> Names { get; } = Flag.RequiredText(
        "--relation2id", "The file of the graph's relations, relation2id.txt.", "FILE");

    /// <summary>The file to write.</summary>
    public Option<string> Output { get; } = Flag.RequiredText("--output_path", "The file to write.", "FILE");

    /// <summary>What is read.</summary>
    public Option[] Input => [Names, _definitions];

    /// <summary>How it is encoded.</summary>
    public Option[] Model => [_model, _batchSize];

    /// <summary>Encodes the definitions and writes the vectors.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="names">The relations by id; null for an id without a name, which has an empty text as in the Python script.</param>
    public int Encode(CommandContext context, IReadOnlyList<string?> names)
    {
        DefinitionFile definitions = DefinitionFile.Read(context.Get(_definitions));
        Warn(context.Terminal, definitions, names);
        string[] texts = [.. names.Select(name => name is null ? "" : definitions.TextsOf([name])[0])];
        string folder = ModelLocator.Default.Find(context.Get(_model), Organization), output = context.Get(Output);
        using SentenceEncoder encoder = SentenceEncoder.Load(folder, DeviceFlag.Automatic);
        using var scope = NewDisposeScope();
        Tensor vectors = encoder.Encode(texts, context.Get(_batchSize));   // [relations, dimension]
        VectorFile.Write(output, [KeyValuePair.Create("rel_embeddings", vectors)]);
        context.Terminal.Output.WriteLine($"Saved torch.Size([{vectors.size(0)}, {vectors.size(1)}]) to {output}");
        return ExitCode.Success;
    }

    private static void Warn(Terminal terminal, DefinitionFile definitions, IReadOnlyList<string?> names)
    {
        if (definitions.SkippedLines > 0)
        {
            terminal.Warn($"{definitions.SkippedLines} lines of definitions have neither tab nor comma and were skipped");
        }

        int without = names.Count(name => name is null || !definitions.Definitions.ContainsKey(name));
        if (without > 0)
        {
            terminal.Warn($"{without} of {names.Count} relations have no definition and are encoded by their names");
        }
    }
}
