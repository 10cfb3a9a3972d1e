using Microsoft.ML.Gmt.Kge;

namespace Benchmarks.Accuracy;

/// <summary>The sets of columns that rows of the table learn from.</summary>
/// <param name="features">The features.</param>
/// <param name="folder">Where rows are kept, of which one set has the trees' log-odds.</param>
internal sealed class AccuracyColumns(CachedFeatures features, string folder)
{
    public static IReadOnlyList<string> Checkpoints { get; } = ["ultra_3g", "ultra_4g", "ultra_50g"];

    /// <summary>Whether what a set needs is on this machine.</summary>
    public static bool CanMake(string set) =>
        (!(set is "paths" or "both" or "all" or "stacked" || set.StartsWith("ultra", StringComparison.Ordinal))
            || Machine.PretrainedModel("ultra") is not null)
        && (set is not ("text" or "own" or "all" or "stacked") || Machine.PretrainedModel("all-minilm-l6-v2") is not null);

    /// <summary>The columns of a set; embeddings differ by seed.</summary>
    public FeatureMatrix Of(string set, int seed) => FeatureMatrix.Join(set == "stacked" ? [Of("all", seed), Trees(seed)] :
    [
        set is "nokinds" ? features.OfGraph().Where(slot => !slot.Contains(".Kind.", StringComparison.Ordinal)) : features.OfGraph(),
        .. set is "complex500" ? [Named("ComplEx", features.OfEmbedding(KgeModel.ComplEx, 256, 500, seed))] : None,
        .. set is "complex" or "text" or "own" or "both" or "all"
            ? [Named("ComplEx", features.OfEmbedding(KgeModel.ComplEx, 256, null, seed))] : None,
        .. set is "text" or "own" or "all" ? [features.OfTexts()!] : None,
        .. set is "own" ? [Named("Own", features.OfOwnPaths())] : None,
        .. set is "paths" or "both" ? [Named(Checkpoints[0], features.OfCheckpoint(Checkpoints[0])!)] : None,
        .. set is "all" ? Checkpoints.Select(name => Named(name, features.OfCheckpoint(name)!)) : None,
    ]);

    /// <summary>The log-odds of trees on all columns: of validation rows out of fold, so that no row's own label is in them.</summary>
    private FeatureMatrix Trees(int seed) => KeptRow.Find(folder, "trees-all").FirstOrDefault(row => row.Seed == seed) is { } trees
        ? new FeatureMatrix(["Trees.LogOdds"], [.. trees.OutOfFold, .. trees.Test], 0)
        : throw new InvalidOperationException($"Make the row trees-all of seed {seed} first.");

    private static FeatureMatrix[] None => [];

    /// <summary>Columns whose first part is a name of their own.</summary>
    private static FeatureMatrix Named(string name, FeatureMatrix matrix) => matrix with
    {
        Slots = [.. matrix.Slots.Select(slot => name + slot[slot.IndexOf('.')..])],
    };
}
