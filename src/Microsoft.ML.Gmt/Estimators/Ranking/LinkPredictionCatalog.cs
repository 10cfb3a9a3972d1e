using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Extends <see cref="RankingCatalog"/> by the metrics of link prediction.</summary>
public static class LinkPredictionCatalog
{
    /// <summary>
    /// Computes the figures of link prediction from ranks: Hits@k, mean reciprocal rank, mean rank, AMRI and all others of
    /// <see cref="RankingMetrics"/>, by side, by way of breaking ties, by relation, and by half-links.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="ranks">
    /// What <see cref="TripleScoringTransformer.RankEntities"/> gives, or columns of the same names and types: <c>Relation</c> and
    /// <c>Side</c> (text), <c>OptimisticRank</c>, <c>PessimisticRank</c> and <c>Candidates</c> (Int32); for the figures by half-links also
    /// <c>HeadRelationSeen</c> and <c>RelationTailSeen</c> (Boolean).
    /// </param>
    /// <param name="hitsAt">The k of Hits@k; null for 1, 3, 5 and 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing, or ranks are not in the order 1 ≤ optimistic ≤ pessimistic ≤ candidates.
    /// </exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// using SgmTransformer model = ml.Transforms.SgmPretrain(graph, numberOfEpochs: 4).Fit(graph.ToDataView());
    /// LinkPredictionMetrics metrics = ml.Ranking.EvaluateLinkPrediction(model.RankEntities(graph.ToDataView(GraphSplit.Test)));
    /// foreach ((string relation, LinkPredictionMetrics ofRelation) in metrics.ByRelation)
    /// {
    ///     Console.WriteLine($"{relation}: MRR {ofRelation.MeanReciprocalRank:f3}, Hits@10 {ofRelation.HitsAt(10):p1}");
    /// }
    /// </code>
    /// </example>
    public static LinkPredictionMetrics EvaluateLinkPrediction(
        this RankingCatalog catalog, IDataView ranks, IReadOnlyList<int>? hitsAt = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(ranks);
        return LinkPredictionMetrics.Compute(RankColumns.Read(ranks), hitsAt);
    }

    /// <summary>
    /// Computes the metrics of candidates that any model has scored: within a group, each true row is ranked among the false ones. Rows of
    /// a group need not stand together.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="data">A row for each candidate.</param>
    /// <param name="labelColumnName">Whether the candidate is right: Boolean, or Single (above 0).</param>
    /// <param name="rowGroupColumnName">The question that the row is a candidate of: text or key.</param>
    /// <param name="scoreColumnName">The score, higher is better: Single.</param>
    /// <param name="relationColumnName">The question's relation, text or key, for metrics by relation; null for none.</param>
    /// <param name="sideColumnName">What was sought, text, <c>Head</c> or <c>Tail</c>; null where it was always the tail.</param>
    /// <param name="hitsAt">The k of Hits@k; null for 1, 3, 5 and 10.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a wrong type.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// IDataView candidates = ml.Data.LoadFromEnumerable(new[]
    /// {
    ///     new { Question = "capital of Switzerland", Score = 2.1f, Label = true },
    ///     new { Question = "capital of Switzerland", Score = 1.3f, Label = false },
    ///     new { Question = "capital of Austria", Score = 0.4f, Label = true },
    ///     new { Question = "capital of Austria", Score = 0.9f, Label = false },
    /// });
    /// LinkPredictionMetrics metrics = ml.Ranking.EvaluateLinkPrediction(candidates, "Label", rowGroupColumnName: "Question");
    /// Console.WriteLine(metrics.HitsAt(1));   // 0.5
    /// </code>
    /// </example>
    public static LinkPredictionMetrics EvaluateLinkPrediction(
        this RankingCatalog catalog,
        IDataView data,
        string labelColumnName,
        string rowGroupColumnName,
        string scoreColumnName = "Score",
        string? relationColumnName = null,
        string? sideColumnName = null,
        IReadOnlyList<int>? hitsAt = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        CandidateGroups groups = CandidateGroups.Read(
            data, new CandidateColumnNames(labelColumnName, rowGroupColumnName, scoreColumnName, relationColumnName, sideColumnName));
        using (IChannel channel = MlNetInternals.Environment(catalog).Start("Link prediction"))
        {
            if (groups.WithoutAnswer is > 0 and int count)
            {
                channel.Warning(MessageSensitivity.None, $"{count} groups have no row that is labeled true; they give no rank.");
            }

            if (groups.WithoutScore is > 0 and int missing)
            {
                channel.Warning(
                    MessageSensitivity.None,
                    $"{missing} candidates have no score (NaN), as rows with unknown names do: a right one counts as last of its group, "
                    + "a wrong one as ahead of all. Leave them out by their column Known.");
            }
        }

        return LinkPredictionMetrics.Compute(groups.Ranks(), hitsAt);
    }
}
