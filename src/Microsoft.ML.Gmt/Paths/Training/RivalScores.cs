using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>
/// What questions score for the answers asked for, and for their rivals: the entities that are not known to be answers. Losses are made
/// of it.
/// </summary>
internal sealed class RivalScores
{
    // Counts as no score at all beside any other; infinity would have no gradient where all entities are known.
    private const float Nothing = -1e30f;

    private readonly Tensor _rows;

    /// <param name="scores">[questions, entities].</param>
    /// <param name="batch">The questions.</param>
    /// <param name="weightPower">A question weighs as many as its answers to this power; 0 for all alike.</param>
    public RivalScores(Tensor scores, IReadOnlyList<PathTrainingQuery> batch, double weightPower = 0)
    {
        long entities = scores.size(1);
        long[] known = [.. batch.SelectMany((query, row) => query.Known.Select(entity => (row * entities) + entity))];
        long[] answers = [.. batch.SelectMany((query, row) => query.Answers.Select(entity => (row * entities) + entity))];
        long[] rows = [.. batch.SelectMany((query, row) => query.Answers.Select(_ => (long)row))];
        double total = WeightOf(batch, weightPower);
        float[] weights =
        [
            .. batch.SelectMany(query => query.Answers.Select(
                _ => (float)(Math.Pow(query.Answers.Length, weightPower) / total / query.Answers.Length))),
        ];
        Tensor flat = scores.reshape(-1);
        Answers = flat.index_select(0, tensor(answers, device: CPU));
        Rivals = flat.index_fill(0, tensor(known, device: CPU), Nothing).view(batch.Count, entities);
        (_rows, Weights) = (tensor(rows, device: CPU), tensor(weights, device: CPU));
    }

    /// <summary>How much questions weigh together.</summary>
    /// <param name="batch">The questions.</param>
    /// <param name="weightPower">A question weighs as many as its answers to this power.</param>
    public static double WeightOf(IReadOnlyList<PathTrainingQuery> batch, double weightPower) =>
        batch.Sum(query => Math.Pow(query.Answers.Length, weightPower));

    /// <summary>The scores of the answers asked for: [answers].</summary>
    public Tensor Answers { get; }

    /// <summary>The share of each in a weighted mean over questions of the mean over their answers: [answers].</summary>
    public Tensor Weights { get; }

    /// <summary>The scores of the rivals, and next to nothing for the other entities: [questions, entities].</summary>
    public Tensor Rivals { get; }

    /// <summary>
    /// Weighted mean over questions of the mean over their answers of −log softmax of the answer's score beside those of all rivals.
    /// </summary>
    public Tensor CrossEntropy()
    {
        Tensor behind = Rivals.logsumexp(1).index_select(0, _rows) - Answers;   // [answers]
        return (nn.functional.softplus(behind) * Weights).sum();
    }
}
