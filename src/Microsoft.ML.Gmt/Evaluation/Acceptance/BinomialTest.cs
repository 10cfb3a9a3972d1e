namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>The exact one-sided binomial test of "more than this share of the trials fail".</summary>
internal static class BinomialTest
{
    /// <summary>
    /// P(X ≤ failures) for X ~ Binomial(trials, rate): the p-value of "the share is above <paramref name="rate"/>" after that many
    /// failures.
    /// </summary>
    /// <param name="failures">From 0 to <paramref name="trials"/>.</param>
    /// <param name="trials">At least 0.</param>
    /// <param name="rate">Above 0 and below 1.</param>
    public static double PValue(int failures, int trials, double rate)
    {
        if (failures >= trials)
        {
            return 1;
        }

        // Logarithms of the probabilities of 0, 1, …: their powers underflow from some 14,000 trials on.
        double odds = Math.Log(rate) - Math.Log(1 - rate), term = trials * Math.Log(1 - rate), largest = term;
        double[] terms = new double[failures + 1];
        terms[0] = term;
        for (int k = 1; k <= failures; k++)
        {
            terms[k] = term += Math.Log((double)(trials - k + 1) / k) + odds;
            largest = Math.Max(largest, term);
        }

        double sum = 0;
        foreach (double one in terms)
        {
            sum += Math.Exp(one - largest);
        }

        return Math.Min(1, Math.Exp(largest + Math.Log(sum)));
    }

    /// <summary>The fewest trials after which so many failures still show that the share is at most <paramref name="rate"/>.</summary>
    /// <param name="failures">At least 0.</param>
    /// <param name="rate">Above 0 and below 1.</param>
    /// <param name="significance">What the p-value must not exceed, above 0 and below 1.</param>
    /// <returns>59 for no failure, a rate of 0.05 and a significance of 0.05; <see cref="int.MaxValue"/> where it is more.</returns>
    public static int TrialsNeeded(int failures, double rate, double significance)
    {
        (long few, long enough) = (failures, failures + 1L);
        while (enough < int.MaxValue && PValue(failures, (int)enough, rate) > significance)
        {
            (few, enough) = (enough, Math.Min(2 * enough, int.MaxValue));
        }

        while (enough - few > 1)
        {
            long middle = (few + enough) / 2;
            (few, enough) = PValue(failures, (int)middle, rate) > significance ? (middle, enough) : (few, middle);
        }

        return (int)enough;
    }
}
