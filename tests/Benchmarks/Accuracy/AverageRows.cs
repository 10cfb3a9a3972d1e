namespace Benchmarks.Accuracy;

/// <summary>Two kinds of rows together: the mean of their probabilities, seed by seed.</summary>
internal static class AverageRows
{
    public static void Make(string folder, string name, string first, string second)
    {
        foreach ((KeptRow one, KeptRow other) in KeptRow.Find(folder, first).Zip(KeptRow.Find(folder, second)))
        {
            KeptRow.Get(folder, name, one.Seed, () => new KeptRow(
                name, one.Seed, "mean of probabilities", 0, Mean(one.OutOfFold, other.OutOfFold), Mean(one.Test, other.Test)));
        }
    }

    private static float[] Mean(float[] first, float[] second) => first.Length != second.Length ? [] :
    [
        .. first.Zip(second, (one, other) => Scores.LogOdds((float)((Scores.Probability(one) + Scores.Probability(other)) / 2))),
    ];
}
