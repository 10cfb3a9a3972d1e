using System.Globalization;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>A language model that reads the graph as memory.</summary>
/// <param name="all">The archive's transformers.</param>
/// <param name="before">Those before the model, which make what it reads.</param>
/// <param name="model">The model.</param>
internal sealed class ServedLanguageModel(ITransformer[] all, ITransformer[] before, GmtTransformer model)
    : ServedModel(all, model.Graph)
{
    private readonly TripleJudge _judge = model.GetJudge(before);

    /// <inheritdoc/>
    public override ITripleScorer Scorer { get; } = model.GetScorer();

    /// <inheritdoc/>
    public override IReadOnlyList<Judgment> Judge(IReadOnlyList<Triple> triples, CancellationToken cancellationToken) =>
    [
        .. _judge.Judge(triples, cancellationToken).Select(verdict => new Judgment(verdict.IsTrue, verdict.Probability, verdict.Score)),
    ];

    /// <inheritdoc/>
    public override IEnumerable<FactEvidence> Explain(Triple triple, int count, CancellationToken cancellationToken)
    {
        VerdictExplanation why = model.ExplainVerdicts([triple], before, count, count, cancellationToken)[0];
        return
        [
            .. why.Features.Select(feature => new FactEvidence(FactEvidenceKind.Feature, feature.Effect, Text(feature), [])),
            .. Evidence(why.Paths.SelectMany(reason => reason.Paths).Take(count)),
            .. why.Edges.Select(edge =>
                new FactEvidence(FactEvidenceKind.Edge, edge.Weight, Graph.TripleText(edge.Fact), [Named(edge.Fact)])),
        ];
    }

    private static string Text(FeatureReading feature) => float.IsNaN(feature.Value) ? $"{feature.Name} is unknown"
        : string.Create(CultureInfo.InvariantCulture, $"{feature.Name} = {feature.Value}");
}
