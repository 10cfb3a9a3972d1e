using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;

namespace Benchmarks.Accuracy;

/// <summary>What boosted trees are made by.</summary>
/// <param name="Leaves">The most leaves of a tree.</param>
/// <param name="LeafRows">The fewest rows of a leaf.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Trees">How many trees.</param>
/// <param name="RowShare">The share of the rows that each tree sees.</param>
/// <param name="SlotShare">The share of the slots that each tree sees.</param>
/// <param name="L2">The weight of the squares of a leaf's values.</param>
internal sealed record TreeSettings(
    int Leaves, int LeafRows, double Rate, int Trees, double RowShare = 1, double SlotShare = 1, double L2 = 0.01)
{
    /// <summary>ML.NET's own defaults (null), and many small trees that see a part of rows and slots each.</summary>
    public static IReadOnlyList<TreeSettings?> Candidates { get; } =
    [
        null,
        new TreeSettings(12, 20, 0.04, 350, 0.7, 0.2, 5),
        new TreeSettings(6, 20, 0.04, 900, 0.7, 0.5, 5),
    ];

    public override string ToString() => FormattableString.Invariant(
        $"{Trees} trees of {Leaves} leaves, {LeafRows} rows a leaf, rate {Rate}, {RowShare} of rows, {SlotShare} of slots, L2 {L2}");

    /// <summary>Learns from some rows and judges others.</summary>
    /// <returns>Log-odds of the judged rows.</returns>
    public static float[] LogOdds(
        TreeSettings? settings, FeatureMatrix matrix, bool[] labels, IReadOnlyList<int> learned, IReadOnlyList<int> judged, int seed)
    {
        var ml = new MLContext(seed);
        var options = new LightGbmBinaryTrainer.Options { NumberOfThreads = 1, Seed = seed };
        if (settings is not null)
        {
            options.NumberOfLeaves = settings.Leaves;
            options.MinimumExampleCountPerLeaf = settings.LeafRows;
            options.LearningRate = settings.Rate;
            options.NumberOfIterations = settings.Trees;
            options.Booster = new GradientBooster.Options
            {
                SubsampleFrequency = settings.RowShare < 1 ? 1 : 0,
                SubsampleFraction = settings.RowShare,
                FeatureFraction = settings.SlotShare,
                L2Regularization = settings.L2,
            };
        }

        var model = ml.BinaryClassification.Trainers.LightGbm(options).Fit(Rows(learned));
        return [.. model.Transform(Rows(judged)).GetColumn<float>("Probability").Select(Scores.LogOdds)];

        IDataView Rows(IReadOnlyList<int> chosen)
        {
            var schema = SchemaDefinition.Create(typeof(Example));
            schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, matrix.Slots.Length);
            return ml.Data.LoadFromEnumerable(
                chosen.Select(row => new Example { Label = labels[row], Features = matrix.Row(row).ToArray() }).ToArray(), schema);
        }
    }

    private sealed class Example
    {
        public bool Label { get; set; }

        public float[] Features { get; set; } = [];
    }
}
