using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Says what a folder holds. It may be several things at once, a model and its tokenizer say.</summary>
internal static class FolderInspector
{
    private static readonly (string[] Files, Func<string, Report> Inspect)[] Kinds =
    [
        ([OpenKeFolder.EntityFile], folder => Graph(folder, "OpenKE")),
        (["train.tsv", "train.txt", "train.csv", "train.nt"], folder => Graph(folder, "triples of names")),
        ([LibKgeFolder.EntityFile], folder => Graph(folder, "LibKGE")),
        (["modules.json"], ModelInspector.Sentences),
        (["tokenizer.model", "tokenizer.json"], ModelInspector.Tokenizer),
    ];

    private static readonly string[] FilesOfTheirOwn =
        [GmtFolder.ConfigFile, GmtStateDict.EncoderFile, GmtStateDict.MemoryFile, SgmFolder.ConfigFile, SgmFolder.StateFile, CheckpointFlags.FileName];

    /// <summary>Looks into a folder.</summary>
    /// <exception cref="CommandFailure">It holds nothing that is known.</exception>
    public static IReadOnlyList<Report> Inspect(string folder)
    {
        bool Has(string file) => File.Exists(Path.Combine(folder, file));
        List<Report> reports = [];
        if (Has("config.json") && !Has("modules.json"))
        {
            string config = Path.Combine(folder, "config.json");
            reports.AddRange(Directory.GetFiles(folder).Length == 1 ? FileInspector.Inspect(config) : [ModelInspector.Model(folder)]);
        }

        if (GgufInFolder.Find(folder) is { } gguf)
        {
            reports.Add(ModelInspector.Model(folder));
            reports.AddRange(FileInspector.Inspect(gguf));
        }

        reports.AddRange(Kinds.Where(kind => kind.Files.Any(Has)).Select(kind => kind.Inspect(folder)));
        reports.AddRange(FilesOfTheirOwn.Where(Has).SelectMany(file => FileInspector.Inspect(Path.Combine(folder, file))));
        return reports.Count > 0
            ? reports
            : throw new CommandFailure(
                $"{folder} holds no model, tokenizer, graph or checkpoint that is known; name a file in it."
                + ModelFolderContents.Hint(folder));
    }

    private static Report Graph(string folder, string layout) =>
        GraphReport.Summary($"{folder}: knowledge graph ({layout}); 'gmt graph' checks it", KnowledgeGraphReader.Read(folder));
}
