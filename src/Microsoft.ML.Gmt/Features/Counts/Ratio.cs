namespace Microsoft.ML.Gmt.Features;

/// <summary>Shares of counts.</summary>
internal static class Ratio
{
    /// <summary>
    /// How many counterexamples every rule is given beforehand, so that one that was seen once is not certain; AnyBURL's (Meilicke et al.
    /// 2019).
    /// </summary>
    private const double Doubts = 5;

    /// <summary>A quotient; 0 where there is nothing to divide by.</summary>
    public static float Of(double count, double of) => of == 0 ? 0 : (float)(count / of);

    /// <summary>The confidence of a rule: support / (body + 5).</summary>
    public static float Confidence(double support, double body) => (float)(support / (body + Doubts));
}
