using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>How a transformer that owns a graph module keeps it among its own weights: under the reference's names, <c>sgm.layers.0.…</c>.</summary>
internal static class SavedSgmModel
{
    private const string Prefix = "sgm.";

    public static IEnumerable<KeyValuePair<string, Tensor>> Weights(SgmModel model) =>
        SgmStateDict.Of(model.Module).Select(pair => KeyValuePair.Create(Prefix + pair.Key, pair.Value));

    /// <exception cref="InvalidDataException">The weights do not fit the options or the graph.</exception>
    public static SgmModel Restore(SgmOptions options, KnowledgeGraph graph, IReadOnlyDictionary<string, Tensor> weights, string source)
    {
        Dictionary<string, Tensor> own = weights.Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[Prefix.Length..], pair => pair.Value);
        if (!own.TryGetValue("rel_semantic.weight", out Tensor? semantics) || semantics.dim() != 2 || semantics.size(0) != graph.EdgeRelationCount)
        {
            throw new InvalidDataException(
                $"{source} should hold '{Prefix}rel_semantic.weight' as [{graph.EdgeRelationCount}, width] for this graph; it has {(semantics is null ? "none" : $"[{string.Join(", ", semantics.shape)}]")}.");
        }

        var module = new SgmModule(options, semantics, new RandomStreams(0));
        try
        {
            SgmStateDict.Load(module, own, source);
        }
        catch
        {
            module.Dispose();
            throw;
        }

        return new SgmModel(module, graph);
    }
}
