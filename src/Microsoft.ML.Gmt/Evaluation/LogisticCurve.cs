namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>
/// A probability that rises with a score, P(true | x) = 1 / (1 + exp(−(slope · x + intercept))): calibration after Platt (1999), with a
/// prior that few rows can't move far.
/// </summary>
/// <param name="Slope">How fast the log-odds rise; never below 0.</param>
/// <param name="Intercept">The log-odds at x = 0.</param>
internal readonly record struct LogisticCurve(double Slope, double Intercept)
{
    private const int MostSteps = 100;
    private const double Precision = 1e-10;

    /// <summary>Where true becomes the likelier answer; infinite where the score says nothing.</summary>
    public double Threshold => Slope > 0 ? -Intercept / Slope
        : Intercept > 0 ? double.NegativeInfinity : double.PositiveInfinity;

    /// <summary>The log-odds of a score.</summary>
    public double LogOdds(double x) => (Slope * x) + Intercept;

    /// <summary>
    /// The curve of the least Σ ln(1 + exp(∓ log-odds)) + strength / 2 · (distance of slope and intercept from the prior's)², slope ≥ 0.
    /// Newton's method; the sum is convex, so there is one.
    /// </summary>
    /// <param name="rows">Scores, and whether each is of a true statement.</param>
    /// <param name="prior">Where slope and intercept are drawn to.</param>
    /// <param name="strength">How strongly; above 0.</param>
    public static LogisticCurve Fit(IReadOnlyList<(double X, bool Label)> rows, LogisticCurve prior, double strength)
    {
        LogisticCurve curve = Descend(rows, prior, strength, prior, isFlat: false);
        return curve.Slope >= 0 ? curve : Descend(rows, prior, strength, prior with { Slope = 0 }, isFlat: true);
    }

    private static LogisticCurve Descend(
        IReadOnlyList<(double X, bool Label)> rows, LogisticCurve prior, double strength, LogisticCurve from, bool isFlat)
    {
        LogisticCurve curve = from;
        double loss = Loss(rows, prior, strength, curve);
        for (int step = 0; step < MostSteps; step++)
        {
            (double slope, double intercept) = Newton(rows, prior, strength, curve, isFlat);
            double share = 1;
            LogisticCurve next = new(curve.Slope - slope, curve.Intercept - intercept);
            double nextLoss = Loss(rows, prior, strength, next);
            while (nextLoss > loss && share > Precision)
            {
                share /= 2;
                next = new(curve.Slope - (share * slope), curve.Intercept - (share * intercept));
                nextLoss = Loss(rows, prior, strength, next);
            }

            (curve, loss) = nextLoss <= loss ? (next, nextLoss) : (curve, loss);
            if (share * Math.Max(Math.Abs(slope), Math.Abs(intercept)) < Precision)
            {
                break;
            }
        }

        return curve;
    }

    /// <summary>The step of Newton's method: the inverse of the second derivatives times the first.</summary>
    private static (double Slope, double Intercept) Newton(
        IReadOnlyList<(double X, bool Label)> rows, LogisticCurve prior, double strength, LogisticCurve at, bool isFlat)
    {
        double ofSlope = strength * (at.Slope - prior.Slope), ofIntercept = strength * (at.Intercept - prior.Intercept);
        double slopes = strength, mixed = 0, intercepts = strength;
        foreach ((double x, bool label) in rows)
        {
            double probability = 1 / (1 + Math.Exp(-at.LogOdds(x)));
            double error = probability - (label ? 1 : 0), weight = probability * (1 - probability);
            ofSlope += error * x;
            ofIntercept += error;
            slopes += weight * x * x;
            mixed += weight * x;
            intercepts += weight;
        }

        double determinant = (slopes * intercepts) - (mixed * mixed);
        return isFlat
            ? (0, ofIntercept / intercepts)
            : (((ofSlope * intercepts) - (ofIntercept * mixed)) / determinant, ((ofIntercept * slopes) - (ofSlope * mixed)) / determinant);
    }

    private static double Loss(
        IReadOnlyList<(double X, bool Label)> rows, LogisticCurve prior, double strength, LogisticCurve curve)
    {
        double slope = curve.Slope - prior.Slope, intercept = curve.Intercept - prior.Intercept;
        double loss = strength / 2 * ((slope * slope) + (intercept * intercept));
        foreach ((double x, bool label) in rows)
        {
            double against = label ? -curve.LogOdds(x) : curve.LogOdds(x);
            loss += Math.Max(against, 0) + Math.Log(1 + Math.Exp(-Math.Abs(against)));
        }

        return loss;
    }
}
