using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Training;

namespace Benchmarks.Accuracy;

/// <summary>GMT by the recipe of docs/memory-features.md: the base frozen, its top three layers read the memory.</summary>
internal static class GmtRows
{
    public static KeptRow Get(
        LabeledRows rows, string folder, string name, int seed, Lazy<GmtVerdicts> verdicts, Func<int, FeatureMatrix>? columns) =>
        KeptRow.Get(folder, name, seed, () =>
        {
            var options = new GmtTrainingOptions
            {
                NumberOfEpochs = 4,
                LearningRate = 1e-3,
                GateLearningRateFactor = 10,
                Seed = seed,
            };
            (int[] learned, int[] held) = NetworkRows.HeldOut(rows, seed);
            (float[] test, TrainingResult result) =
                verdicts.Value.Learn(columns?.Invoke(seed), learned, held, rows.Test, options);
            return new KeptRow(
                name, seed, FormattableString.Invariant($"epoch {result.BestEpoch} of 4, loss {result.BestMetric:f4} of held-out rows"), 0,
                [], test);
        });

    /// <summary>The language model alone, asked with nothing learned but a threshold for each relation.</summary>
    public static KeptRow Words(LabeledRows rows, string folder, string name, Lazy<GmtVerdicts> verdicts) => ThresholdRows.Get(
        rows, folder, name, 1, [("log-odds", verdicts.Value.ByWordsAlone([.. rows.Validation, .. rows.Test]))]);
}
