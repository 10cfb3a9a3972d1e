namespace Benchmarks.Accuracy;

/// <summary>Judges each validation row by what was learned from the other folds.</summary>
internal static class CrossValidation
{
    /// <param name="rows">The rows; those of the test split take no part.</param>
    /// <param name="seed">Of the folds.</param>
    /// <param name="learn">From rows to learn from and rows to judge to scores of the latter.</param>
    /// <returns>A score for each validation row.</returns>
    public static float[] OutOfFold(LabeledRows rows, int seed, Func<int[], int[], float[]> learn)
    {
        int[] folds = rows.Folds(seed);
        float[] scores = new float[rows.ValidationCount];
        for (int fold = 0; fold < LabeledRows.FoldCount; fold++)
        {
            int[] judged = Array.FindAll(rows.Validation, row => folds[row] == fold);
            float[] some = learn(Array.FindAll(rows.Validation, row => folds[row] != fold), judged);
            for (int i = 0; i < judged.Length; i++)
            {
                scores[judged[i]] = some[i];
            }
        }

        return scores;
    }
}
