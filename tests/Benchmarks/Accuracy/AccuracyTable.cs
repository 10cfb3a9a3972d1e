namespace Benchmarks.Accuracy;

/// <summary>The table of what rows a folder keeps.</summary>
internal static class AccuracyTable
{
    /// <summary>Prints accuracies on test rows: of each seed, their mean, of the averaged log-odds, and gains over another row.</summary>
    /// <param name="rows">The labeled triples.</param>
    /// <param name="folder">Where rows are kept.</param>
    /// <param name="wanted">Names of rows, and of those that they are compared with.</param>
    public static void Print(LabeledRows rows, string folder, IReadOnlyList<(string Name, string What, string? Than)> wanted)
    {
        bool[] test = rows.Labels[rows.ValidationCount..], validation = rows.Labels[..rows.ValidationCount];
        Console.WriteLine(FormattableString.Invariant(
            $"{rows.Name}: {rows.ValidationCount:N0} labeled validation rows, {test.Length:N0} test rows\n"));
        Console.WriteLine(
            "| row | cross-validation | test: mean of seeds (each) | averaged log-odds ± standard error | AUC | gain ± paired error "
            + "| chosen | CPU seconds |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach ((string name, string what, string? than) in wanted)
        {
            if (KeptRow.Find(folder, name) is not { Count: > 0 } kept)
            {
                continue;
            }

            double[] each = [.. kept.Select(row => Scores.Accuracy(row.Test, test))];
            float[] mean = Averaged(kept);
            double together = Scores.Accuracy(mean, test);
            double error = Math.Sqrt(together * (100 - together) / test.Length);
            string folds = kept.Any(row => row.OutOfFold.Length == 0) ? ""
                : Scores.Text(kept.Average(row => Scores.Accuracy(row.OutOfFold, validation)));
            string gain = than is not null && KeptRow.Find(folder, than) is { Count: > 0 } other
                ? Gain(Scores.Paired(mean, Averaged(other), test)) + $" over {than}" : "";
            Console.WriteLine(
                $"| {what} (`{name}`) | {folds} "
                + $"| {Scores.Text(each.Average())} ({string.Join(", ", each.Select(one => Scores.Text(one, 1)))}) "
                + $"| {Scores.Text(together)} ± {Scores.Text(error, 1)} | {Scores.Text(Scores.Area(mean, test), 1)} | {gain} "
                + $"| {kept[0].Choice} | {Scores.Text(kept.Average(row => row.Seconds), 0)} |");
        }
    }

    private static string Gain((double Gain, double Error) gain) =>
        $"{(gain.Gain < 0 ? "−" : "+")}{Scores.Text(Math.Abs(gain.Gain))} ± {Scores.Text(gain.Error)}";

    private static float[] Averaged(IReadOnlyList<KeptRow> kept) => Scores.Mean([.. kept.Select(row => row.Test)]);
}
