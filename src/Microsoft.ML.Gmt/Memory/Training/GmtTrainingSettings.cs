using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>All that the numbers of a training depend on, but for initial weights, which its checkpoint holds the successors of.</summary>
internal static class GmtTrainingSettings
{
    public static IReadOnlyList<(string Name, string Value)> Of(
        GmtModel model, GmtTrainingOptions training, IReadOnlyList<TokenizedRow> rows, IReadOnlyList<TokenizedRow> validation) =>
    [
        ("stage", "GMT"),
        ("base model", $"{model.BaseModel.Config} {model.BaseModel.DataType}"),
        ("graph", $"{model.Graph.Entities.Count} entities, {model.Graph.EdgeRelationCount} relations of edges, {model.Graph.Triples(GraphSplit.Train).Length} training triples"),
        ("graph module", $"{model.Encoder.GraphModule.Options}"),
        ("memory", $"{model.Options.MemoryTokens} tokens, {model.Options.MemoryHeads} heads, layers {string.Join(", ", model.MemoryLayers.Keys)}, {model.Options.Lora}"),
        ("training rows", Describe(rows)),
        ("validation rows", Describe(validation)),
        ("number of epochs", Text(training.NumberOfEpochs)),
        ("batch size", Text(training.Sizes.BatchSize)),
        ("micro batch size", Text(training.Sizes.MicroBatchSize)),
        ("learning rate", Text(training.LearningRate)),
        ("warm-up steps", Text(training.WarmupSteps)),
        ("gate learning rate factor", Text(training.GateLearningRateFactor)),
        ("maximum gradient norm", Text(training.MaxGradientNorm)),
        ("carry incomplete steps", Text(training.CarryIncompleteSteps)),
        ("validation steps", training.ValidationSteps is { } steps ? Text(steps) : "an epoch"),
        ("average validation batches", Text(training.AverageValidationBatches)),
        ("keep best weights", Text(training.KeepBestWeights)),
        ("group by length", Text(training.GroupByLength)),
        ("mask", $"{training.Mask}"),
        ("train graph module", Text(training.TrainGraphModule)),
        ("train cross-attention base", Text(training.TrainCrossAttentionBase)),
        ("early stopping patience", training.EarlyStoppingPatience is { } patience ? Text(patience) : "none"),
        ("seed", Text(training.Seed)),
    ];

    private static string Text(IConvertible value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Their number and the first digits of a hash of all that they say.</summary>
    private static string Describe(IReadOnlyList<TokenizedRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TokenizedRow row in rows)
        {
            int[] all = [row.Ids.Count, row.ContextLength, row.Triple.Head, row.Triple.Relation, row.Triple.Tail, .. row.Ids];
            hash.AppendData(MemoryMarshal.AsBytes(all.AsSpan()));
        }

        return $"{rows.Count} rows ({Convert.ToHexStringLower(hash.GetHashAndReset())[..12]})";
    }
}
