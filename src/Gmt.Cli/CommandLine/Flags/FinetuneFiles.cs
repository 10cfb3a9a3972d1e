using System.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>What stage 2 reads, and where its results go.</summary>
/// <param name="isDataRequired">Whether rows must be given.</param>
internal sealed class FinetuneFiles(bool isDataRequired)
{
    /// <summary>The files that a finished run leaves.</summary>
    public static readonly string[] Results = [GmtStateDict.EncoderFile, GmtStateDict.MemoryFile, GmtFolder.ConfigFile];

    private const string Rows = "The rows: instruction, input, output, embedding_ids (JSON or JSON lines)";

    /// <summary>The language model.</summary>
    public Option<string> BaseModel { get; } = Flag.RequiredText(
        "--base_model", "The language model: a folder, or a name in the local Hugging Face cache.", "MODEL");

    /// <summary>The rows.</summary>
    public Option<string> Data { get; } = isDataRequired
        ? Flag.RequiredText("--data_path", $"{Rows}.", "FILE")
        : Flag.Text("--data_path", $"{Rows}; questions about the graph's own triples without it.", form: "FILE");

    /// <summary>Where the model goes.</summary>
    public Option<string> Output { get; } = Flag.RequiredText(
        "--output_dir", "Where graph_encoder.pth, memory_attn.pth and gmt_config.json go.", "DIR");

    /// <summary>The graph module.</summary>
    public Option<string> ModuleCheckpoint { get; } = Flag.Text(
        "--sgm_ckpt", "The graph module of stage 1, sgm_state.pth; untrained without it.", form: "FILE");

    /// <summary>The reference's arguments in its order.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="graph">Which graph.</param>
    /// <param name="shape">The options of relation vectors, graph module and memory.</param>
    /// <param name="mask">What of a row's triple is hidden from its own evidence.</param>
    /// <param name="training">How it trains.</param>
    public IEnumerable<KeyValuePair<string, object?>> Settings(
        CommandContext context, GraphFlags graph, IEnumerable<Option> shape, IEnumerable<KeyValuePair<string, object?>> mask, FinetuneFlags training)
    {
        Option[] before = [BaseModel, Data, Output, graph.Folder, ModuleCheckpoint, .. graph.All[1..], .. shape];
        return [.. before.Select(context.Setting), .. mask, .. training.Settings(context)];
    }
}
