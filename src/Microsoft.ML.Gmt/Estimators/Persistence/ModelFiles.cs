using System.Text;
using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>The files that transformers keep in a model archive, each written and read as a stream.</summary>
internal static class ModelFiles
{
    /// <summary>The list of the other files' hashes, <see cref="Runtime.Manifest"/>.</summary>
    public const string Manifest = "manifest.txt";

    private const long LongestConfig = 16 << 20;
    private const long LongestHistory = 1 << 30;
    private const long LongestReference = 1 << 16;

    private const string Config = "config.json";
    private const string Weights = "weights.safetensors";
    private const string GraphFile = "graph.gmtgraph";
    private const string GraphReference = "graph.txt";
    private const string History = "history.csv";

    public static void WriteConfig<T>(ModelEntryWriter entries, T config) =>
        entries.Write(Config, stream => JsonSerializer.Serialize(stream, config, ModelJson.Options));

    /// <summary>Reads a transformer's settings; they are checked before anything is made of them.</summary>
    /// <param name="entries">The archive.</param>
    /// <param name="check">
    /// Gives the settings to use; an <see cref="ArgumentException"/> where they are out of range or do not go together.
    /// </param>
    /// <exception cref="GmtFileException">The file is not what it should be.</exception>
    public static T ReadConfig<T>(ModelEntries entries, Func<T, T> check) => entries.Read(
        Config,
        stream =>
        {
            try
            {
                return check(JsonSerializer.Deserialize<T>(stream, ModelJson.Options)
                    ?? throw entries.Fault(Config, "the model's settings are missing; the archive is damaged."));
            }
            catch (JsonException e)
            {
                throw entries.Fault(Config, $"the model's settings cannot be read: {e.Message}", e);
            }
            catch (ArgumentException e)
            {
                string setting = e.ParamName is null ? "a setting" : $"the setting '{SettingOf(e.ParamName)}'";
                throw entries.Fault(Config, $"{setting} is out of its range: {e.Message}", e);
            }
        },
        LongestConfig);

    /// <summary>What the file calls an option that is out of its range.</summary>
    private static string SettingOf(string option) =>
        option == nameof(SgmScoringOptions.TransformBatchSize) ? "batchSize" : JsonNamingPolicy.CamelCase.ConvertName(option);

    public static void WriteWeights(ModelEntryWriter entries, IEnumerable<KeyValuePair<string, Tensor>> weights) =>
        entries.Write(Weights, stream => SafetensorsWriter.Write(stream, weights));

    /// <summary>The weights, held in memory; the caller disposes them.</summary>
    /// <exception cref="WeightFileException">The file is malformed, or a weight is not finite.</exception>
    public static SafetensorsFile ReadWeights(ModelEntries entries)
    {
        SafetensorsFile file = entries.Read(Weights, stream => SafetensorsFile.Read(stream, Weights));
        try
        {
            foreach (string name in file.Names)
            {
                using Tensor weights = file.Get(name);
                FiniteTensor.Check(weights, Weights, name);
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes the graph, or where another transformer of the archive has this very one, the name of that one's folder.</summary>
    public static void WriteGraph(ModelEntryWriter entries, KnowledgeGraph graph)
    {
        if (entries.Graphs.FolderOf(graph) is { } folder)
        {
            entries.Write(GraphReference, stream => stream.Write(Encoding.UTF8.GetBytes(folder)));
            return;
        }

        entries.Write(GraphFile, stream => KnowledgeGraphFormat.Save(graph, stream));
        entries.Graphs.Add(entries.Folder, graph);
    }

    /// <summary>Reads the graph, from the folder of another transformer where that has it.</summary>
    /// <exception cref="GmtFileException">There is none, or it is damaged.</exception>
    public static KnowledgeGraph ReadGraph(ModelEntries entries)
    {
        if (!entries.Has(GraphReference))
        {
            KnowledgeGraph own = entries.Read(GraphFile, KnowledgeGraphFormat.Load);
            entries.Graphs.Add(entries.Folder, own);
            return own;
        }

        string folder = entries.Read(GraphReference, ModelEntries.ReadText, LongestReference);
        if (folder.Length == 0 || folder == entries.Folder)
        {
            throw entries.Fault(GraphReference, "the name of the folder that has the graph is not what it should be; it is damaged.");
        }

        if (entries.Graphs.InFolder(folder) is { } shared)
        {
            return shared;
        }

        KnowledgeGraph graph = (entries.Of(folder) ?? throw entries.Fault(GraphReference, $"'{folder}' has no graph; it is damaged."))
            .Read(GraphFile, KnowledgeGraphFormat.Load);
        entries.Graphs.Add(folder, graph);
        return graph;
    }


    public static void WriteHistory(ModelEntryWriter entries, TrainingHistory history) =>
        entries.Write(History, stream => HistoryFile.Write(stream, history));

    public static TrainingHistory ReadHistory(ModelEntries entries) => entries.Read(History, HistoryFile.Read, LongestHistory);
}
