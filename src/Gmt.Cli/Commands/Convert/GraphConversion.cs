using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>
/// Rewrites a graph of any form: a folder in OpenKE's layout or of files of names, one file of names, or one file of everything.
/// </summary>
internal sealed class GraphConversion
{
    private const string OpenKe = "openke", Tsv = "tsv", Csv = "csv", SavedGraph = ".gmtgraph", All = "all";
    private static readonly string[] Texts = [".tsv", ".csv", ".txt"];
    private static readonly string[] Graphs = [.. Texts, SavedGraph, ".nt", ".del", ".json", ".jsonl"];

    private readonly Option<string> _layout = Flag.Choice("--layout", "What a folder made of a graph is like.", OpenKe, Tsv, Csv);
    private readonly Option<string> _split = Flag.Text(
        "--split", "Which triples one file of names gets: train, validation, test, or all; needed where there are several.", form: "WORD");

    /// <summary>Creates the options.</summary>
    public GraphConversion() => _split.AcceptOnlyFromAmong("", "train", "validation", "test", All);

    /// <summary>The options.</summary>
    public Option[] Options => [_layout, _split];

    /// <summary>Whether something is a graph in files, and no model.</summary>
    public static bool IsGraph(string source) => Directory.Exists(source)
        ? new[] { GmtStateDict.EncoderFile, Compatibility.SgmFolder.StateFile }.All(file => !File.Exists(Path.Combine(source, file)))
        : HasEnding(source, Graphs) || KnowledgeGraphFormat.IsAt(source);

    /// <summary>Whether a file is to be made that can only hold a graph.</summary>
    public static bool IsGraphFile(string target) => HasEnding(target, [.. Texts, SavedGraph]) && !Directory.Exists(target);

    /// <summary>Writes a graph.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="target">What is to be made.</param>
    /// <exception cref="UsageError">The target is no name of a graph, or cannot hold all of it.</exception>
    public void Write(CommandContext context, KnowledgeGraph graph, string target)
    {
        if (!IsGraphFile(target))
        {
            WriteFolder(context, graph, target);
        }
        else if (HasEnding(target, [SavedGraph]))
        {
            AtomicFile.Write(target, stream => KnowledgeGraphFormat.Save(graph, stream));
        }
        else
        {
            WriteNames(context, graph, target);
        }
    }

    private void WriteFolder(CommandContext context, KnowledgeGraph graph, string target)
    {
        if (Path.HasExtension(target) && !Directory.Exists(target))
        {
            throw new UsageError($"'{target}' must be a folder, or end with .tsv, .csv or {SavedGraph}");
        }

        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            throw new CommandFailure($"the folder '{target}' is not empty; files of an older graph would mix with the new ones: "
                + "name a new folder");
        }

        // Written beside its place and renamed, so that no half of a graph ever stands there.
        string place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target)), temporary = $"{place}.{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(temporary);
            switch (context.Get(_layout))
            {
                case OpenKe:
                    OpenKeWriter.Write(graph, temporary);
                    SayWhatIsLost(context, graph.Negatives(GraphSplit.Train).Length, "labeled negatives of the training split, for "
                        + "which OpenKE has no file");
                    break;
                case var names:
                    new DelimitedWriter(names == Tsv ? '\t' : ',').WriteFolder(graph, temporary);
                    SayWhatIsTrimmed(context, graph, isCsv: names == Csv);
                    SayWhatIsLost(context, NamesWithoutTriples(graph, Enum.GetValues<GraphSplit>()), "names without a triple");
                    break;
            }

            if (Directory.Exists(place))
            {
                Directory.Delete(place);
            }

            Directory.Move(temporary, place);
        }
        catch
        {
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    private void WriteNames(CommandContext context, KnowledgeGraph graph, string target)
    {
        GraphSplit[] splits = context.Get(_split) switch
        {
            "train" => [GraphSplit.Train],
            "validation" => [GraphSplit.Validation],
            "test" => [GraphSplit.Test],
            All => Enum.GetValues<GraphSplit>(),
            _ when GraphSource.IsUndivided(graph) => [GraphSplit.Train],
            _ => throw new UsageError(
                $"the graph has validation and test triples, and a file of names does not say which are which: give {_split.Name}, "
                + $"a folder ({_layout.Name} tsv), or NAME{SavedGraph}"),
        };
        bool isCsv = target.EndsWith(".csv", StringComparison.OrdinalIgnoreCase);
        new DelimitedWriter(isCsv ? ',' : '\t').WriteFile(graph, target, splits);
        SayWhatIsTrimmed(context, graph, isCsv);
        GraphStatistics statistics = GraphStatistics.Of(graph);
        SayWhatIsLost(
            context, statistics.EntityTexts + statistics.EntityDefinitions + statistics.RelationTexts + statistics.RelationDefinitions,
            "labels and definitions");
        SayWhatIsLost(context, NamesWithoutTriples(graph, splits), "names without a triple there");
    }

    private static int NamesWithoutTriples(KnowledgeGraph graph, GraphSplit[] splits)
    {
        UsedNames used = UsedNames.In(graph, splits);
        return used.Entities.Concat(used.Relations).Count(isUsed => !isUsed);
    }

    /// <summary>CSV keeps white space by quotation marks, which TSV does not have.</summary>
    private static void SayWhatIsTrimmed(CommandContext context, KnowledgeGraph graph, bool isCsv)
    {
        int count = isCsv ? 0 : graph.Entities.Names.Concat(graph.Relations.Names).Count(name => name.Trim().Length < name.Length);
        if (count > 0)
        {
            context.Terminal.Warn($"white space around names: {count}; it is written, and left out on reading but for --keep_spaces");
        }
    }

    private static void SayWhatIsLost(CommandContext context, int count, string what)
    {
        if (count > 0)
        {
            context.Terminal.Warn($"not written: {count} {what}; NAME{SavedGraph} holds everything");
        }
    }

    private static bool HasEnding(string path, string[] endings) =>
        endings.Any(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
