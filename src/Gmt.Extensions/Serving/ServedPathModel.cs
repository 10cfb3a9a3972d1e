using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>A path model, whose verdicts the graph alone has calibrated.</summary>
internal sealed class ServedPathModel(ITransformer[] all, PathScoringTransformer model) : ServedModel(all, model.Graph)
{
    private readonly ScoreJudge _judge = model.GetJudge();

    /// <inheritdoc/>
    public override ITripleScorer Scorer { get; } = model.Scorer;

    /// <summary>A path model scores a stated answer without its edge, as it was trained.</summary>
    public override QueryMask RetrievalMask => model.Mask;

    /// <inheritdoc/>
    public override IReadOnlyList<Judgment> Judge(IReadOnlyList<Triple> triples, CancellationToken cancellationToken) =>
    [
        .. _judge.Judge(triples, cancellationToken).Select(verdict => new Judgment(verdict.IsTrue, verdict.Probability, verdict.LogOdds)),
    ];

    /// <inheritdoc/>
    public override IEnumerable<FactEvidence> Explain(Triple triple, int count, CancellationToken cancellationToken) =>
        Evidence(model.ExplainPaths(triple, RankSide.Tail, count));

    /// <inheritdoc/>
    public override string CalibrationOf(int relation, CancellationToken cancellationToken) =>
        $"{_judge.CalibrationOf(relation, cancellationToken)}";
}
