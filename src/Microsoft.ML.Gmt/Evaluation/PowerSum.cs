namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>Sums of powers 1ᵖ + 2ᵖ + … + nᵖ for p ≥ −2: of p = −1 the harmonic numbers.</summary>
/// <remarks>
/// Few terms are added one by one; what comes after them is added by the formula of Euler and Maclaurin, to the last digits of a double. So
/// a sum over millions of candidates costs no more than one over a hundred.
/// </remarks>
internal sealed class PowerSum
{
    private const int Added = 64;

    private readonly double _power;
    private readonly double[] _sums = new double[Added + 1];

    /// <param name="power">The p.</param>
    public PowerSum(double power)
    {
        _power = power;
        for (int n = 1; n <= Added; n++)
        {
            _sums[n] = _sums[n - 1] + Math.Pow(n, power);
        }
    }

    /// <summary>The sum of n terms.</summary>
    /// <param name="n">At least 0.</param>
    public double Of(int n)
    {
        if (n <= Added)
        {
            return _sums[n];
        }

        double p = _power;
        double Between(Func<double, double> of) => of(n) - of(Added);
        double integral = p == -1 ? Math.Log((double)n / Added) : Between(x => Math.Pow(x, p + 1)) / (p + 1);
        return _sums[Added] + integral + (Between(x => Math.Pow(x, p)) / 2) + (p * Between(x => Math.Pow(x, p - 1)) / 12)
            - (p * (p - 1) * (p - 2) * Between(x => Math.Pow(x, p - 3)) / 720);
    }
}
