using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>
/// Scores labeled triples by a model: log-odds of a language model or a path model, or without either the graph module's score.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="terminal">Where progress is shown.</param>
/// <param name="rows">The processes that share the triples.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class StatementScores(FactModel model, Terminal terminal, SharedRows rows, CancellationToken cancellationToken)
{
    private const int JudgedAtOnce = 32, ScoredAtOnce = 1024;

    /// <summary>The triples in their order, scored.</summary>
    public JudgedStatement[] Of((Triple Triple, bool Label)[] statements)
    {
        int atOnce = model.HasLanguageModel ? JudgedAtOnce : ScoredAtOnce;
        RowShare share = rows.Of(statements.Length, atOnce);
        using var bar = new RowProgress(terminal, "verdicts", share.Count);
        IProgress<int> progress = rows.Counting(bar);
        List<Verdict> verdicts = [];
        foreach ((Triple Triple, bool Label)[] batch in statements[share.First..share.End].Chunk(atOnce))
        {
            Triple[] triples = Array.ConvertAll(batch, statement => statement.Triple);
            verdicts.AddRange(model.HasLanguageModel ? Judge(triples) : model.PathModel is { } paths ? Judge(paths, triples) : Score(triples));
            progress.Report(batch.Length);
        }

        return
        [
            .. statements.Zip(rows.Ranks.Join<Verdict>([.. verdicts]), (statement, verdict) => new JudgedStatement
            {
                Relation = model.Graph.Relations[statement.Triple.Relation],
                Label = statement.Label,
                Score = verdict.Score,
                OwnScore = double.IsNaN(verdict.OwnScore) ? null : verdict.OwnScore,
                Probability = verdict.Probability,
                PredictedLabel = verdict.IsTrue,
            }),
        ];
    }

    private IEnumerable<Verdict> Judge(Triple[] triples) => model.Judge.Judge(triples, cancellationToken).Select(
        verdict => new Verdict((float)verdict.Score, double.NaN, (float)verdict.Probability, verdict.IsTrue));

    private IEnumerable<Verdict> Judge(PathScoringTransformer paths, Triple[] triples) =>
        paths.GetJudge().Judge(triples, cancellationToken).Select(
            verdict => new Verdict((float)verdict.LogOdds, verdict.Score, (float)verdict.Probability, verdict.IsTrue));

    private Verdict[] Score(Triple[] triples)
    {
        cancellationToken.ThrowIfCancellationRequested();
        float[] scores = new float[triples.Length];
        model.Scorer.Score(triples, model.Mask, scores);
        return Array.ConvertAll(scores, score => new Verdict(score, double.NaN, 0, false));
    }

    /// <summary>What a model makes of a triple, as it travels; NaN where log-odds were made of nothing else.</summary>
    private readonly record struct Verdict(float Score, double OwnScore, float Probability, bool IsTrue);
}
