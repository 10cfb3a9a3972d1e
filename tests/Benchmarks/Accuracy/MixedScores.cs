using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Benchmarks.Accuracy;

/// <summary>
/// What several models answer to the same questions, mixed: weighted sums of log-softmax over all entities. Scores are kept, so that
/// another mixture costs next to nothing.
/// </summary>
internal sealed class MixedScores : ITripleScorer
{
    private readonly Dictionary<(bool Tails, int Entity, int Relation), int> _questions;
    private readonly IReadOnlyList<(FeatureMatrix Scores, double Weight)> _models;

    /// <param name="graph">The graph.</param>
    /// <param name="questions">The questions, in the order of the rows of each model's scores.</param>
    /// <param name="models">Log-softmax of each model, [questions, entities], and its weight.</param>
    public MixedScores(
        KnowledgeGraph graph, IReadOnlyList<(bool Tails, int Entity, int Relation)> questions,
        IReadOnlyList<(FeatureMatrix Scores, double Weight)> models)
    {
        (Graph, _models) = (graph, models);
        _questions = questions.Select((question, row) => (question, row)).ToDictionary(pair => pair.question, pair => pair.row);
    }

    public KnowledgeGraph Graph { get; }

    public KnownTriples? FittedOn => null;

    public bool CanMask => false;

    /// <summary>The questions of triples: the tail of each, and the head.</summary>
    public static (bool Tails, int Entity, int Relation)[] Questions(IEnumerable<Triple> triples) =>
    [
        .. triples.SelectMany(triple => new[] { (true, triple.Head, triple.Relation), (false, triple.Tail, triple.Relation) }).Distinct(),
    ];

    /// <summary>A model's log-softmax over all entities, for each question.</summary>
    public static FeatureMatrix Ask(ITripleScorer model, IReadOnlyList<(bool Tails, int Entity, int Relation)> questions)
    {
        int entities = model.Graph.Entities.Count;
        float[] all = new float[questions.Count * entities];
        foreach (bool tails in new[] { true, false })
        {
            int[] rows = [.. Enumerable.Range(0, questions.Count).Where(row => questions[row].Tails == tails)];
            foreach (int[] some in rows.Chunk(256))
            {
                Triple[] asked = [.. some.Select(row => new Triple(questions[row].Entity, questions[row].Relation, questions[row].Entity))];
                float[] scores = new float[some.Length * entities];
                if (tails)
                {
                    model.ScoreTails(asked, QueryMask.None, scores);
                }
                else
                {
                    model.ScoreHeads(asked, QueryMask.None, scores);
                }

                for (int i = 0; i < some.Length; i++)
                {
                    LogSoftmax(scores.AsSpan(i * entities, entities), all.AsSpan(some[i] * entities, entities));
                }
            }
        }

        return new FeatureMatrix([.. Enumerable.Range(0, entities).Select(entity => $"{entity}")], all, 0);
    }

    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores) =>
        throw new NotSupportedException("Whole rows of scores are mixed.");

    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries.Span, scores.Span, triple => (true, triple.Head, triple.Relation));

    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        Fill(queries.Span, scores.Span, triple => (false, triple.Tail, triple.Relation));

    private void Fill(ReadOnlySpan<Triple> queries, Span<float> scores, Func<Triple, (bool, int, int)> questionOf)
    {
        int entities = Graph.Entities.Count;
        scores.Clear();
        for (int i = 0; i < queries.Length; i++)
        {
            int row = _questions[questionOf(queries[i])];
            Span<float> own = scores.Slice(i * entities, entities);
            foreach ((FeatureMatrix model, double weight) in _models)
            {
                ReadOnlySpan<float> values = model.Row(row);
                for (int entity = 0; entity < entities; entity++)
                {
                    own[entity] += (float)(weight * values[entity]);
                }
            }
        }
    }

    private static void LogSoftmax(ReadOnlySpan<float> scores, Span<float> logs)
    {
        double all = AnswerLogLikelihood.LogSumExp(scores);
        for (int entity = 0; entity < scores.Length; entity++)
        {
            logs[entity] = (float)(scores[entity] - all);
        }
    }
}
