using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>The loss of stage 1.</summary>
internal static class LogisticLoss
{
    /// <summary>The loss where all scores are 0: 2 ln 2.</summary>
    public const double OfZeroScores = 2 * 0.6931471805599453;

    /// <summary>−mean(log σ(s⁺) + mean over K of log σ(−s⁻)): a scalar.</summary>
    /// <param name="positives">Scores of the true triples: [B].</param>
    /// <param name="negatives">Scores of the corrupted ones, K for each true one in turn: [B · K].</param>
    public static Tensor Of(Tensor positives, Tensor negatives)
    {
        using var scope = NewDisposeScope();
        Tensor corrupted = nn.functional.logsigmoid(-negatives).view(positives.size(0), -1).mean([1]);                  // [B]
        return (-(nn.functional.logsigmoid(positives) + corrupted).mean()).MoveToOuterDisposeScope();
    }
}
