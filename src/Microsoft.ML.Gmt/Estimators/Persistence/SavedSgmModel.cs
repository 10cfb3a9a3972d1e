using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>
/// How a transformer that owns a graph module keeps it among its own weights: under the reference's names, <c>sgm.layers.0.…</c>.
/// </summary>
internal static class SavedSgmModel
{
    private const string Prefix = "sgm.";

    public static IEnumerable<KeyValuePair<string, Tensor>> Weights(SgmScorer model) =>
        SgmStateDict.Of(model.Module).Select(pair => KeyValuePair.Create(Prefix + pair.Key, pair.Value));

    /// <exception cref="WeightFileException">The weights do not fit the options or the graph.</exception>
    public static SgmScorer Restore(
        SgmOptions options, KnowledgeGraph graph, IReadOnlyDictionary<string, Tensor> weights, string source, Func<KnownTriples?>? fittedOn = null)
    {
        Dictionary<string, Tensor> own = weights.Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[Prefix.Length..], pair => pair.Value);
        return new SgmScorer(SgmFolder.Create(options, own, graph, source), graph, fittedOn: fittedOn);
    }
}
