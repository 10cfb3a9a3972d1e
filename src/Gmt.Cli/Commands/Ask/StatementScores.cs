using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>
/// Scores labeled triples by a model: log-odds of a language model or a path model, or without either the graph module's score.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="terminal">Where progress is shown.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class StatementScores(FactModel model, Terminal terminal, CancellationToken cancellationToken)
{
    private const int JudgedAtOnce = 32, ScoredAtOnce = 1024;

    /// <summary>The triples in their order, scored.</summary>
    public JudgedStatement[] Of((Triple Triple, bool Label)[] statements)
    {
        using var progress = new RowProgress(terminal, "verdicts", statements.Length);
        List<JudgedStatement> judged = [];
        foreach ((Triple Triple, bool Label)[] batch in statements.Chunk(model.HasLanguageModel ? JudgedAtOnce : ScoredAtOnce))
        {
            judged.AddRange(model.HasLanguageModel ? Judge(batch) : model.PathModel is { } paths ? Judge(paths, batch) : Score(batch));
            progress.Report(batch.Length);
        }

        return [.. judged];
    }

    private IEnumerable<JudgedStatement> Judge((Triple Triple, bool Label)[] batch) =>
        batch.Zip(model.Judge.Judge([.. batch.Select(statement => statement.Triple)], cancellationToken), (statement, verdict) => new JudgedStatement
        {
            Relation = model.Graph.Relations[statement.Triple.Relation],
            Label = statement.Label,
            Score = (float)verdict.Score,
            Probability = (float)verdict.Probability,
            PredictedLabel = verdict.IsTrue,
        });

    private IEnumerable<JudgedStatement> Judge(PathScoringTransformer paths, (Triple Triple, bool Label)[] batch)
    {
        IReadOnlyList<ScoreVerdict> verdicts = paths.GetJudge().Judge([.. batch.Select(statement => statement.Triple)], cancellationToken);
        return batch.Zip(verdicts, (statement, verdict) => new JudgedStatement
        {
            Relation = model.Graph.Relations[statement.Triple.Relation],
            Label = statement.Label,
            Score = (float)verdict.LogOdds,
            OwnScore = verdict.Score,
            Probability = (float)verdict.Probability,
            PredictedLabel = verdict.IsTrue,
        });
    }

    private JudgedStatement[] Score((Triple Triple, bool Label)[] batch)
    {
        cancellationToken.ThrowIfCancellationRequested();
        float[] scores = new float[batch.Length];
        model.Scorer.Score(Array.ConvertAll(batch, statement => statement.Triple), model.Mask, scores);
        return [.. batch.Select((statement, i) => new JudgedStatement
        {
            Relation = model.Graph.Relations[statement.Triple.Relation], Label = statement.Label, Score = scores[i],
        })];
    }
}
