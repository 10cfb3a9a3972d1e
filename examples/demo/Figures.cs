using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Examples.Demo;

/// <summary>Computes what stands in a row: verdicts by thresholds, verdicts with probabilities, ranks.</summary>
internal static class Figures
{
    /// <summary>Verdicts by a scorer and a threshold for each relation, chosen on the labeled validation triples.</summary>
    public static Result ByThresholds(this Result row, ITripleScorer scorer) => row.ByThresholds(scorer.Graph, triples =>
    {
        float[] scores = new float[triples.Length];
        scorer.Score(triples, QueryMask.None, scores);
        return scores;
    });

    /// <summary>The same by any score.</summary>
    public static Result ByThresholds(this Result row, KnowledgeGraph graph, Func<Triple[], float[]> score)
    {
        RelationThresholds thresholds = RelationThresholds.Fit(Scored(graph, GraphSplit.Validation, score));
        ScoredStatement[] tested = Scored(graph, GraphSplit.Test, score);
        bool[] predicted = [.. tested.Select(statement => thresholds.IsTrue(statement.Relation, statement.Score))];
        double both = predicted.Zip(tested).Count(pair => pair.First && pair.Second.Label);
        double precision = both / predicted.Count(value => value), recall = both / tested.Count(statement => statement.Label);
        return row with
        {
            Accuracy = thresholds.Accuracy(tested),
            Precision = precision,
            Recall = recall,
            F1 = 2 * precision * recall / (precision + recall),
        };
    }

    /// <summary>Verdicts with probabilities, by ML.NET's own evaluator.</summary>
    public static Result ByProbability(this Result row, IReadOnlyList<Judged> judged)
    {
        var ml = new MLContext();
        CalibratedBinaryClassificationMetrics metrics = ml.BinaryClassification.Evaluate(ml.Data.LoadFromEnumerable(judged));
        return row with
        {
            Accuracy = metrics.Accuracy,
            Precision = metrics.PositivePrecision,
            Recall = metrics.PositiveRecall,
            F1 = metrics.F1Score,
            Auc = metrics.AreaUnderRocCurve,
            CalibrationError = Calibration.ExpectedError(judged.Select(one => ((double)one.Probability, one.Label))),
        };
    }

    /// <summary>Filtered link prediction on the test triples: all entities are ranked as heads and as tails.</summary>
    public static Result ByRanks(this Result row, ITripleScorer scorer)
    {
        Triple[] test = scorer.Graph.Triples(GraphSplit.Test).ToArray();
        IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(scorer, test, new KnownTriples(scorer.Graph), QueryMask.None);
        Microsoft.ML.Gmt.Evaluation.RankingMetrics metrics = EntityRanking.Metrics(ranks).Both.Realistic;
        return row with
        {
            Mrr = metrics.MeanReciprocalRank,
            HitsAt1 = metrics.HitsAt[1],
            HitsAt3 = metrics.HitsAt[3],
            HitsAt10 = metrics.HitsAt[10],
            Amri = metrics.AdjustedMeanRankIndex,
        };
    }

    /// <summary>The labeled triples of a split, the true ones first.</summary>
    public static Triple[] Labeled(KnowledgeGraph graph, GraphSplit split) => [.. graph.Triples(split), .. graph.Negatives(split)];

    private static ScoredStatement[] Scored(KnowledgeGraph graph, GraphSplit split, Func<Triple[], float[]> score)
    {
        Triple[] triples = Labeled(graph, split);
        float[] scores = score(triples);
        int positives = graph.Triples(split).Length;
        return [.. triples.Select((triple, i) => new ScoredStatement(graph.Relations[triple.Relation], scores[i], i < positives))];
    }
}
