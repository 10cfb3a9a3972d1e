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
        long entities = scores.size(1);
        List<long> places = [], rows = [], masked = [];
        List<float> weights = [];
        for (int query = 0; query < batch.Queries.Length; query++)
        {
            int[] answers = batch.Answers[query];
            foreach (int answer in answers)
            {
                places.Add((query * entities) + answer);
                rows.Add(query);
                weights.Add(1f / (answers.Length * batch.Queries.Length));
            }

            masked.AddRange(answers.Concat(batch.Known[query]).Select(answer => (query * entities) + answer));
        }

        Tensor flat = scores.reshape(-1), weight = tensor(weights.ToArray());
        Tensor rivals = flat.index_fill(0, tensor(masked.ToArray()), float.NegativeInfinity).view(-1, entities);
        Tensor positive = flat.index_select(0, tensor(places.ToArray()));                                    // [answers]
        Tensor against = rivals.logsumexp(1).index_select(0, tensor(rows.ToArray()));                        // [answers]
        Tensor crossEntropy = (nn.functional.softplus(against - positive) * weight).sum();                   // −log p of each answer
        if (binaryWeight == 0)
        {
            return crossEntropy;
        }

        Tensor binary = (nn.functional.softplus(-positive) * weight).sum()
            + ((rivals.detach().softmax(1) * nn.functional.softplus(scores)).sum(1).mean());
        return crossEntropy + (binaryWeight * binary);
    }
}
