using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>A model that ranks, and has no verdicts: an embedding, or stage 1 alone.</summary>
internal sealed class ServedScores(ITransformer[] all, TripleScoringTransformer model, string source) : ServedModel(all, model.Graph)
{
    /// <inheritdoc/>
    public override bool HasVerdicts => false;

    /// <inheritdoc/>
    public override ITripleScorer Scorer { get; } = model.Scorer;

    /// <inheritdoc/>
    public override IReadOnlyList<Judgment> Judge(IReadOnlyList<Triple> triples, CancellationToken cancellationToken) => throw NoVerdict();

    /// <inheritdoc/>
    public override IEnumerable<FactEvidence> Explain(Triple triple, int count, CancellationToken cancellationToken) => throw NoVerdict();

    private NotSupportedException NoVerdict() => new(
        $"{source} holds a {model.GetType().Name}, which ranks and has no verdicts. Models of GmtFinetune, path models and graphs alone "
        + $"({nameof(GmtOptions)}.{nameof(GmtOptions.GraphPath)}) have some.");
}
