using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>
/// The regularizer of a batch: weight times the mean over its true triples of the penalties of head, relation and tail. A row that occurs
/// several times is computed once and counts as often. Of a part of a batch it is such that the mean over parts by their queries is the
/// batch's.
/// </summary>
/// <param name="module">The vectors.</param>
/// <param name="options">Settled options.</param>
internal sealed class KgePenalty(KgeModule module, KgeTrainingOptions options)
{
    private readonly double _weight = options.RegularizationWeight!.Value;
    private readonly bool _isN3 = options.Regularizer == KgeRegularizer.N3;

    /// <summary>The penalty, differentiable: a scalar.</summary>
    public Tensor Of(KgeBatch batch)
    {
        KgeFunction function = module.Function;
        IEnumerable<long> given = batch.AnswerRows.Select(row => batch.Given[row]);
        Tensor sum = Sum(module.Entities, batch.Answers.Concat(given), function.EntitySquares)!;
        Tensor? ofRelations = Sum(module.Relations, batch.AnswerRows.Select(row => batch.Relations[row]), function.RelationSquares);
        return (ofRelations is null ? sum : sum + ofRelations) * (_weight / batch.AnswerCount);
    }

    private Tensor? Sum(Tensor matrix, IEnumerable<long> ids, Func<Tensor, Tensor?> squaresOf)
    {
        SortedDictionary<long, int> counts = [];
        foreach (long id in ids)
        {
            counts[id] = counts.GetValueOrDefault(id) + 1;
        }

        // x^1.5 of the square and not the cube of its root: its derivative is finite at 0.
        return squaresOf(KgeFunction.Rows(matrix, [.. counts.Keys])) is not { } squares                 // [distinct, numbers]
            ? null
            : ((_isN3 ? squares.pow(1.5) : squares).sum(1)
                * tensor(counts.Values.Select(count => (float)count).ToArray(), device: CPU)).sum();
    }
}
