namespace Benchmarks.Accuracy;

/// <summary>
/// Boosted trees on columns of features: settings are chosen by the log-loss of cross-validation on validation rows, then trees are made
/// of all validation rows with five seeds, whose log-odds are averaged.
/// </summary>
internal static class TreeRows
{
    private const int TreeSeeds = 5;
    private const string Defaults = "ML.NET's defaults";

    /// <param name="rows">The labeled triples.</param>
    /// <param name="folder">Where rows are kept.</param>
    /// <param name="name">The row's name.</param>
    /// <param name="seed">Of columns, folds and trees.</param>
    /// <param name="columns">The columns of a seed.</param>
    public static KeptRow Get(LabeledRows rows, string folder, string name, int seed, Func<int, FeatureMatrix> columns) =>
        KeptRow.Get(folder, name, seed, () =>
        {
            TreeSettings? chosen = Chosen(rows, folder, name, columns);
            FeatureMatrix matrix = columns(seed);
            float[] outOfFold = CrossValidation.OutOfFold(
                rows, seed, (learned, judged) => TreeSettings.LogOdds(chosen, matrix, rows.Labels, learned, judged, seed));
            float[] test = Scores.Mean(
            [
                .. Enumerable.Range(0, TreeSeeds).Select(i => TreeSettings.LogOdds(
                    chosen, matrix, rows.Labels, rows.Validation, rows.Test, (100 * seed) + i)),
            ]);
            return new KeptRow(name, seed, chosen?.ToString() ?? Defaults, 0, outOfFold, test);
        });

    /// <summary>Settings by the columns of seed 1, chosen once.</summary>
    private static TreeSettings? Chosen(LabeledRows rows, string folder, string name, Func<int, FeatureMatrix> columns)
    {
        string file = Path.Combine(folder, "rows", $"{name}-choice.txt");
        if (!File.Exists(file))
        {
            FeatureMatrix matrix = columns(1);
            bool[] labels = rows.Labels[..rows.ValidationCount];
            List<string> lines = [];
            foreach ((TreeSettings? settings, int place) in TreeSettings.Candidates.Select((settings, place) => (settings, place)))
            {
                float[] scores = CrossValidation.OutOfFold(
                    rows, 1, (learned, judged) => TreeSettings.LogOdds(settings, matrix, rows.Labels, learned, judged, 1));
                lines.Add(FormattableString.Invariant(
                    $"{Scores.LogLoss(scores, labels):f5}\t{place}\t{Scores.Accuracy(scores, labels):f2}\t")
                    + (settings?.ToString() ?? Defaults));
                Console.Error.WriteLine($"{name}\t{lines[^1]}");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllLines(file, lines.Order(StringComparer.Ordinal));
        }

        return TreeSettings.Candidates[int.Parse(
            File.ReadLines(file).First().Split('\t')[1], System.Globalization.CultureInfo.InvariantCulture)];
    }
}
