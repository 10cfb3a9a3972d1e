using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Training;

namespace Benchmarks.Accuracy;

/// <summary>GMT by the recipe of docs/memory-features.md: the base frozen, its top three layers read the memory.</summary>
internal static class GmtRows
{
    private static readonly GmtTrainingOptions _recipe = new()
    {
        NumberOfEpochs = 10,
        BatchSize = 16,
        LearningRate = 1e-3,
        GateLearningRateFactor = 10,
    };

    /// <param name="rows">The labeled triples.</param>
    /// <param name="folder">Where rows are kept.</param>
    /// <param name="name">The row's name.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="verdicts">The language model's questions.</param>
    /// <param name="columns">The columns of a seed; null for none.</param>
    /// <param name="contexts">Whether the contexts of relations are in the memory too.</param>
    public static KeptRow Get(
        LabeledRows rows, string folder, string name, int seed, Lazy<GmtVerdicts> verdicts, Func<int, FeatureMatrix>? columns,
        bool contexts = true) =>
        KeptRow.Get(folder, name, seed, () =>
        {
            (int[] learned, int[] held) = NetworkRows.HeldOut(rows, seed);
            (float[] test, TrainingResult result) =
                verdicts.Value.Learn(columns?.Invoke(seed), learned, held, rows.Test, _recipe with { Seed = seed }, contexts);
            return new KeptRow(
                name, seed,
                FormattableString.Invariant(
                    $"epoch {result.BestEpoch} of {_recipe.NumberOfEpochs}, loss {result.BestMetric:f4} of held-out rows"),
                0, [], test);
        });

    /// <summary>Features as tokens of the prompt.</summary>
    public static KeptRow Prefix(
        LabeledRows rows, string folder, string name, int seed, Lazy<GmtVerdicts> verdicts, FeatureMatrix columns) =>
        KeptRow.Get(folder, name, seed, () =>
        {
            (int[] learned, int[] held) = NetworkRows.HeldOut(rows, seed);
            (float[] test, int epoch) =
                verdicts.Value.AsPrefix().Learn(columns, learned, held, rows.Test, _recipe with { Seed = seed });
            return new KeptRow(name, seed, $"epoch {epoch} of {_recipe.NumberOfEpochs}", 0, [], test);
        });

    /// <summary>The language model alone, asked with nothing learned but a threshold for each relation.</summary>
    public static KeptRow Words(LabeledRows rows, string folder, string name, Lazy<GmtVerdicts> verdicts) => ThresholdRows.Get(
        rows, folder, name, 1, [("log-odds", verdicts.Value.ByWordsAlone([.. rows.Validation, .. rows.Test]))]);
}
