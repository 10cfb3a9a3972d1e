using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>The files that transformers keep in a model archive, each written and read as a stream.</summary>
internal static class ModelFiles
{
    private const string Config = "config.json";
    private const string Weights = "weights.safetensors";
    private const string GraphFile = "graph.gmtgraph";
    private const string History = "history.csv";

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public static void WriteConfig<T>(ModelSaveContext context, T config) =>
        MlNetInternals.WriteEntry(context, Config, stream => JsonSerializer.Serialize(stream, config, Json));

    /// <exception cref="GmtFileException">The file is not what it should be.</exception>
    public static T ReadConfig<T>(ModelEntries entries) => entries.Read(Config, stream =>
    {
        try
        {
            return JsonSerializer.Deserialize<T>(stream, Json) ?? throw entries.Fault(Config, "the model's settings are missing; the archive is damaged.");
        }
        catch (JsonException e)
        {
            throw entries.Fault(Config, $"the model's settings cannot be read: {e.Message}", e);
        }
    });

    public static void WriteWeights(ModelSaveContext context, IEnumerable<KeyValuePair<string, Tensor>> weights) =>
        MlNetInternals.WriteEntry(context, Weights, stream => SafetensorsWriter.Write(stream, weights));

    /// <summary>The weights, held in memory; the caller disposes them.</summary>
    public static SafetensorsFile ReadWeights(ModelEntries entries) => entries.Read(Weights, stream => SafetensorsFile.Read(stream, Weights));

    public static void WriteGraph(ModelSaveContext context, KnowledgeGraph graph) =>
        MlNetInternals.WriteEntry(context, GraphFile, stream => KnowledgeGraphFormat.Save(graph, stream));

    public static KnowledgeGraph ReadGraph(ModelEntries entries) => entries.Read(GraphFile, KnowledgeGraphFormat.Load);

    public static void WriteHistory(ModelSaveContext context, TrainingHistory history) =>
        MlNetInternals.WriteEntry(context, History, stream => HistoryFile.Write(stream, history));

    public static TrainingHistory ReadHistory(ModelEntries entries) => entries.Read(History, HistoryFile.Read);
}
