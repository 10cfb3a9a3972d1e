namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>
/// Mean and variance of rᵃ where r is uniform on 1 … n, for small a too: of n-th roots of ranks, where a = 1 / ranks.
/// </summary>
/// <remarks>
/// The smaller a, the closer is rᵃ to 1, so its variance can't be had from sums of powers. Sums of g(r) = (rᵃ − 1) / a, which tends to
/// ln r, keep all digits. Beyond a few terms they are added by the formula of Euler and Maclaurin, as in <see cref="PowerSum"/>, with
/// g′ = xᵃ⁻¹, ∫ g = x (g − 1) / (a + 1) and ∫ g² = (x g² − 2 ∫ g) / (1 + 2 a).
/// </remarks>
internal sealed class RootMoments
{
    private const int Added = 64;

    private readonly double _a;
    private readonly (double Sum, double Squares)[] _sums = new (double, double)[Added + 1];

    /// <param name="exponent">The a, above 0.</param>
    public RootMoments(double exponent)
    {
        _a = exponent;
        for (int n = 1; n <= Added; n++)
        {
            double g = G(n);
            _sums[n] = (_sums[n - 1].Sum + g, _sums[n - 1].Squares + (g * g));
        }
    }

    /// <summary>The logarithm of the mean of rᵃ, and of the mean of r²ᵃ over the square of that mean.</summary>
    /// <param name="n">At least 1.</param>
    public (double LogMean, double LogSpread) Of(int n)
    {
        (double sum, double squares) = Sums(n);
        double mean = sum / n, variance = Math.Max(0, (squares / n) - (mean * mean)), relative = _a / (1 + (_a * mean));
        return (LogOfOnePlus(_a * mean), LogOfOnePlus(relative * relative * variance));
    }

    /// <summary>eˣ − 1 with all digits where x is small (Kahan's correction of the rounding of eˣ).</summary>
    public static double ExpMinusOne(double x) =>
        Math.Exp(x) is var power && power == 1 ? x : Math.Abs(x) > 1 ? power - 1 : (power - 1) * (x / Math.Log(power));

    private static double LogOfOnePlus(double x) => 1 + x is var sum && sum == 1 ? x : Math.Log(sum) * (x / (sum - 1));

    private double G(double x) => ExpMinusOne(_a * Math.Log(x)) / _a;

    private (double Sum, double Squares) Sums(int n)
    {
        if (n <= Added)
        {
            return _sums[n];
        }

        (double Sum, double Squares) from = Tail(Added), to = Tail(n);
        return (_sums[Added].Sum + (to.Sum - from.Sum), _sums[Added].Squares + (to.Squares - from.Squares));
    }

    /// <summary>∫ f + f / 2 + f′ / 12 − f‴ / 720 at one end, for f = g and f = g².</summary>
    private (double Sum, double Squares) Tail(double x)
    {
        double g = G(x), power = Math.Pow(x, _a - 1), third = (_a - 1) * (_a - 2) * Math.Pow(x, _a - 3);
        double integral = x * (g - 1) / (_a + 1), ofSquare = ((x * g * g) - (2 * integral)) / (1 + (2 * _a));
        double thirdOfSquare = (6 * (_a - 1) * Math.Pow(x, (2 * _a) - 3)) + (2 * g * third);
        return (
            integral + (g / 2) + (power / 12) - (third / 720),
            ofSquare + (g * g / 2) + (2 * g * power / 12) - (thirdOfSquare / 720));
    }
}
