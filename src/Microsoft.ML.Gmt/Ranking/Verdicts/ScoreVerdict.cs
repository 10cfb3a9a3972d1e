namespace Microsoft.ML.Gmt.Ranking;

/// <summary>What <see cref="ScoreJudge"/> says of a triple.</summary>
/// <param name="Score">
/// The mean of two natural logarithms of probabilities: of the tail among all tails of (h, r, ?), and of the head among all heads of
/// (?, r, t), each by the softmax of the model's scores. 0 at most.
/// </param>
/// <param name="LogOdds">ln(p / (1 − p)) of the probability that the triple is true, for as many true triples as false ones.</param>
public readonly record struct ScoreVerdict(double Score, double LogOdds)
{
    /// <summary>The probability that the triple is true. It was fitted without any label.</summary>
    public double Probability => 1 / (1 + Math.Exp(-LogOdds));

    /// <summary>Whether true is the likelier answer.</summary>
    public bool IsTrue => LogOdds > 0;
}
