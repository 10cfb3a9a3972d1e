using System.Numerics.Tensors;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>
/// How likely a model finds the ends of triples: the mean of the tail's log-softmax over all tails of (h, r, ?) and of the head's over all
/// heads of (?, r, t). Triples that ask the same share its scores.
/// </summary>
/// <param name="scorer">A model that can mask.</param>
/// <param name="stated">The triples that the graph states, which are hidden from their own questions.</param>
internal sealed class AnswerLogLikelihood(ITripleScorer scorer, KnownTriples stated)
{
    // Of one call: 16 MB.
    private const int ScoresPerCall = 1 << 22;
    private const int MostQueries = 256;

    /// <summary>The values of triples, in their order.</summary>
    /// <param name="queries">The triples, and what is hidden beside each.</param>
    /// <param name="cancellationToken">Looked at between calls of the model.</param>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="NotFiniteNumberException">A score is not finite.</exception>
    public double[] Of(IReadOnlyList<TripleQuery> queries, CancellationToken cancellationToken)
    {
        double[] sums = new double[queries.Count];
        Add(queries, RankSide.Tail, sums, cancellationToken);
        Add(queries, RankSide.Head, sums, cancellationToken);
        return Array.ConvertAll(sums, sum => sum / 2);
    }

    private void Add(IReadOnlyList<TripleQuery> queries, RankSide side, double[] sums, CancellationToken cancellationToken)
    {
        var asked = queries.Select((query, row) => (Question: Question(query, side), Answer: Answer(query.Triple, side), Row: row))
            .GroupBy(ask => ask.Question).OrderBy(group => group.Key.Asked.Relation)
            .GroupBy(group => group.Key.IsMasked, group => (group.Key.Asked, Rows: group.Select(ask => (ask.Answer, ask.Row)).ToArray()));
        foreach (var kind in asked)
        {
            QueryMask mask = kind.Key ? QueryMask.Full : QueryMask.None;
            foreach (var part in kind.Chunk(Math.Clamp(ScoresPerCall / scorer.Graph.Entities.Count, 1, MostQueries)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                Triple[] questions = Array.ConvertAll(part, question => question.Asked);
                float[] scores = Scores(questions, side, mask);
                for (int i = 0; i < part.Length; i++)
                {
                    ReadOnlySpan<float> own = scores.AsSpan(i * scorer.Graph.Entities.Count, scorer.Graph.Entities.Count);
                    double all = LogSumExp(own);
                    foreach ((int answer, int row) in part[i].Rows)
                    {
                        sums[row] += own[answer] - all;
                    }
                }
            }
        }
    }

    /// <summary>
    /// What the model is asked: about a stated triple that makes this question's answer, which is then hidden, or about no answer at all.
    /// </summary>
    private (Triple Asked, bool IsMasked) Question(TripleQuery query, RankSide side)
    {
        foreach (Triple hidden in (ReadOnlySpan<Triple>)[query.Hidden, query.Triple])
        {
            bool isAnswer = hidden.Relation == query.Triple.Relation
                && (side == RankSide.Tail ? hidden.Head == query.Triple.Head : hidden.Tail == query.Triple.Tail);
            if (isAnswer && stated.Contains(hidden))
            {
                return (hidden, true);
            }
        }

        Triple asked = query.Triple;
        return (side == RankSide.Tail ? asked with { Tail = asked.Head } : asked with { Head = asked.Tail }, false);
    }

    private static int Answer(Triple triple, RankSide side) => side == RankSide.Tail ? triple.Tail : triple.Head;

    private float[] Scores(Triple[] questions, RankSide side, QueryMask mask)
    {
        float[] scores = new float[questions.Length * scorer.Graph.Entities.Count];   // [questions, entities]
        if (side == RankSide.Tail)
        {
            scorer.ScoreTails(questions, mask, scores);
        }
        else
        {
            scorer.ScoreHeads(questions, mask, scores);
        }

        ScorerArguments.CheckScores(scorer.Graph, scores, questions);
        return scores;
    }

    /// <summary>log Σ exp of scores, without overflow.</summary>
    public static double LogSumExp(ReadOnlySpan<float> scores)
    {
        float highest = TensorPrimitives.Max(scores);
        double sum = 0;
        foreach (float score in scores)
        {
            sum += Math.Exp((double)score - highest);
        }

        return highest + Math.Log(sum);
    }
}
