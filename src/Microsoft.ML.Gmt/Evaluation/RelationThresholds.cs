namespace Microsoft.ML.Gmt.Evaluation;

/// <summary>A scored and labeled statement, to choose thresholds by.</summary>
/// <param name="Relation">Its relation.</param>
/// <param name="Score">Its score, higher where it is likelier true.</param>
/// <param name="Label">Whether it is true.</param>
public readonly record struct ScoredStatement(string Relation, double Score, bool Label);

/// <summary>
/// One threshold for each relation, chosen to get the most labeled statements right: how triple classification by scores is judged (Socher
/// et al. 2013).
/// </summary>
/// <remarks>
/// A relation that was not seen takes the threshold that serves all together. Of thresholds that serve alike the lowest counts. With scores
/// that are all equal this is the majority verdict of each relation.
/// </remarks>
public sealed class RelationThresholds
{
    private readonly IReadOnlyDictionary<string, double> _thresholds;

    private RelationThresholds(IReadOnlyDictionary<string, double> thresholds, double common) =>
        (_thresholds, Common) = (thresholds, common);

    /// <summary>The threshold of all statements together: one for relations that were not seen.</summary>
    public double Common { get; }

    /// <summary>Chooses thresholds.</summary>
    /// <param name="statements">Labeled statements, those of a validation split.</param>
    /// <exception cref="ArgumentException">There is no statement, or a score is not a number.</exception>
    /// <example>
    /// <code>
    /// using SgmTransformer model = ml.Transforms.SgmPretrain(graph).Fit(graph.ToDataView());
    /// RelationThresholds thresholds = RelationThresholds.Fit(Scored(GraphSplit.Validation));
    /// Console.WriteLine($"accuracy {thresholds.Accuracy(Scored(GraphSplit.Test)):p1}");
    ///
    /// IEnumerable&lt;ScoredStatement> Scored(GraphSplit split)
    /// {
    ///     IDataView scored = model.Transform(graph.ToLabeledDataView(split));
    ///     return scored.GetColumn&lt;string>("Relation").Zip(scored.GetColumn&lt;float>("Score"), scored.GetColumn&lt;bool>("Label"))
    ///         .Select(row => new ScoredStatement(row.First, row.Second, row.Third));
    /// }
    /// </code>
    /// </example>
    public static RelationThresholds Fit(IEnumerable<ScoredStatement> statements)
    {
        ArgumentNullException.ThrowIfNull(statements);
        ScoredStatement[] all = [.. statements];
        if (all.Length == 0 || Array.Exists(all, statement => double.IsNaN(statement.Score)))
        {
            throw new ArgumentException("Thresholds need at least one labeled statement, and scores that are numbers.", nameof(statements));
        }

        return new RelationThresholds(
            all.GroupBy(statement => statement.Relation, StringComparer.Ordinal).ToDictionary(
                group => group.Key, group => Best(group), StringComparer.Ordinal), Best(all));
    }

    /// <summary>The threshold of a relation: statements above it are held true.</summary>
    /// <param name="relation">The relation.</param>
    public double Of(string relation) => _thresholds.GetValueOrDefault(relation, Common);

    /// <summary>Whether a statement is held true.</summary>
    /// <param name="relation">Its relation.</param>
    /// <param name="score">Its score.</param>
    /// <exception cref="ArgumentException">The score is not a number, as of a row with unknown names: that is no verdict.</exception>
    public bool IsTrue(string relation, double score) => !double.IsNaN(score) ? score > Of(relation) : throw new ArgumentException(
        $"A statement of '{relation}' has no score (NaN), as rows with unknown names do; leave those out and say how many they are.",
        nameof(score));

    /// <summary>The share of statements that are held for what they are.</summary>
    /// <param name="statements">Labeled statements, others than those the thresholds were chosen by.</param>
    /// <exception cref="ArgumentException">A score is not a number.</exception>
    public double Accuracy(IEnumerable<ScoredStatement> statements)
    {
        ArgumentNullException.ThrowIfNull(statements);
        return statements.Average(statement => IsTrue(statement.Relation, statement.Score) == statement.Label ? 1.0 : 0.0);
    }

    /// <summary>Moves the threshold up past one score after another, and counts what turns right and wrong.</summary>
    private static double Best(IEnumerable<ScoredStatement> statements)
    {
        ScoredStatement[] sorted = [.. statements.OrderBy(statement => statement.Score)];
        int right = sorted.Count(statement => statement.Label), most = right;
        double best = double.NegativeInfinity;
        for (int i = 0; i < sorted.Length; i++)
        {
            right += sorted[i].Label ? -1 : 1;
            bool isLast = i == sorted.Length - 1;
            if (right > most && (isLast || sorted[i + 1].Score > sorted[i].Score))
            {
                (most, best) = (right, isLast ? double.PositiveInfinity : (sorted[i].Score + sorted[i + 1].Score) / 2);
            }
        }

        return best;
    }
}
