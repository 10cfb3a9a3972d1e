using Microsoft.ML.Gmt.Paths;
using static TorchSharp.torch;

namespace Examples.PathModel;

/// <summary>How far scores are from telling answers from the other entities.</summary>
internal static class AnswerLoss
{
    /// <summary>
    /// The mean over questions of the mean over their held-out answers of: cross-entropy against all entities that are no known answer,
    /// plus binary cross-entropies of the answer and of these entities, weighted by their own probabilities (self-adversarial, Sun et al.
    /// 2019). The former ranks, the latter gives scores one zero, whatever is asked.
    /// </summary>
    /// <param name="scores">[questions, entities].</param>
    /// <param name="batch">The questions.</param>
    /// <param name="binaryWeight">The weight of the binary cross-entropies.</param>
    public static Tensor Of(Tensor scores, QueryBatch batch, double binaryWeight)
    {
        RivalScores answers = new(scores, batch.Queries);
        Tensor crossEntropy = answers.CrossEntropy();
        if (binaryWeight == 0)
        {
            return crossEntropy;
        }

        Tensor binary = (nn.functional.softplus(-answers.Answers) * answers.Weights).sum()
            + ((answers.Rivals.detach().softmax(1) * nn.functional.softplus(scores)).sum(1).mean());
        return crossEntropy + (binaryWeight * binary);
    }
}
