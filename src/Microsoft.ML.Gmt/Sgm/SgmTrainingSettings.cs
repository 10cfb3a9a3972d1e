using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>All that the numbers of a training depend on, but for initial weights, which its checkpoint holds the successors of.</summary>
internal static class SgmTrainingSettings
{
    public static IReadOnlyList<(string Name, string Value)> Of(
        KnowledgeGraph graph, SgmOptions module, SgmTrainingOptions training, ReadOnlySpan<Triple> triples, IReadOnlyList<Triple> validation) =>
    [
        ("stage", "SGM"),
        ("graph", $"{graph.Entities.Count} entities, {graph.EdgeRelationCount} relations of edges, edges of {Describe(graph.Triples(GraphSplit.Train))}"),
        ("training triples", Describe(triples)),
        ("validation triples", Describe([.. validation])),
        ("graph dimension", Text(module.GraphDimension)),
        ("layers", Text(module.Layers)),
        ("heads", Text(module.Heads)),
        ("top k", Text(module.TopK)),
        ("dropout", Text(module.Dropout)),
        ("trainable relation semantics", Text(module.TrainableRelationSemantics)),
        ("number of epochs", Text(training.NumberOfEpochs)),
        ("batch size", Text(training.BatchSize)),
        ("negatives per positive", Text(training.NegativesPerPositive)),
        ("negative sampling", training.Negatives.ToString()),
        ("mask of edges and contexts", $"{training.Mask.Edges}, {training.Mask.Contexts}"),
        ("learning rate", Text(training.LearningRate)),
        ("weight decay", Text(training.WeightDecay)),
        ("drop last batch", Text(training.DropLastBatch)),
        ("early stopping patience", training.EarlyStoppingPatience is { } patience ? Text(patience) : "none"),
        ("seed", Text(training.Seed)),
    ];

    private static string Text(IConvertible value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Their number and the first digits of a hash of their ids.</summary>
    private static string Describe(ReadOnlySpan<Triple> triples) =>
        $"{triples.Length} triples ({Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(triples)))[..12]})";
}
