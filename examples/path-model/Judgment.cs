using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Examples.PathModel;

/// <summary>Figures of a scorer on a graph's test triples.</summary>
/// <param name="MeanReciprocalRank">Of both sides, all entities ranked, known ones left out; ties count half.</param>
/// <param name="HitsAt10">Hits@10.</param>
/// <param name="Accuracy">
/// Of verdicts on labeled test triples, by a threshold for each relation that labeled validation triples chose; null without labels.
/// </param>
internal sealed record Judgment(double MeanReciprocalRank, double HitsAt10, double? Accuracy)
{
    /// <summary>Judges a scorer.</summary>
    public static Judgment Of(ITripleScorer scorer, CancellationToken cancellation)
    {
        KnowledgeGraph graph = scorer.Graph;
        Triple[] test = [.. graph.Triples(GraphSplit.Test)];
        IReadOnlyList<TripleRanks> ranks = EntityRanking.Rank(
            scorer, test, new KnownTriples(graph), QueryMask.None, cancellationToken: cancellation);
        double hits = ranks.Average(rank => ((rank.Head.Realistic <= 10 ? 1.0 : 0) + (rank.Tail.Realistic <= 10 ? 1 : 0)) / 2);
        double? accuracy = graph.Negatives(GraphSplit.Test).Length * graph.Negatives(GraphSplit.Validation).Length == 0
            ? null
            : RelationThresholds.Fit(Statements(scorer, GraphSplit.Validation)).Accuracy(Statements(scorer, GraphSplit.Test));
        return new Judgment(EntityRanking.MeanReciprocalRank(ranks), hits, accuracy);
    }

    private static ScoredStatement[] Statements(ITripleScorer scorer, GraphSplit split)
    {
        Triple[] triples = [.. scorer.Graph.Triples(split), .. scorer.Graph.Negatives(split)];
        float[] scores = new float[triples.Length];
        scorer.Score(triples, QueryMask.None, scores);
        int positives = scorer.Graph.Triples(split).Length;
        return [.. triples.Select((triple, i) => new ScoredStatement(scorer.Graph.Relations[triple.Relation], scores[i], i < positives))];
    }
}
