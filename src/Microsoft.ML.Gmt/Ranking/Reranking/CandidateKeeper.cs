using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>Keeps the entities that a model scores highest for each question that is ranked, known answers left out.</summary>
/// <param name="triples">The triples that are ranked.</param>
/// <param name="count">m, how many are kept of each question.</param>
internal sealed class CandidateKeeper(Triple[] triples, int count)
{
    private readonly RetrievedCandidates[] _heads = new RetrievedCandidates[triples.Length];
    private readonly RetrievedCandidates[] _tails = new RetrievedCandidates[triples.Length];

    /// <summary>The kept entities of each triple's question.</summary>
    public RetrievedCandidates[] Of(RankSide side) => side == RankSide.Head ? _heads : _tails;

    /// <summary>Keeps the best of the scores of all entities.</summary>
    /// <param name="question">The question.</param>
    /// <param name="scores">The scores of all entities.</param>
    /// <param name="known">Answers that are known, in ascending order; they are no candidates, the question's own answer excepted.</param>
    public void Keep(RankedQuestion question, ReadOnlySpan<float> scores, ReadOnlySpan<int> known)
    {
        // The worst of those kept comes first: the lowest score, of equal ones the largest id, so that ids decide and not the answer.
        var kept = new PriorityQueue<int, (float Score, int Reversed)>(Math.Min(count, scores.Length) + 1);
        int next = 0;
        for (int entity = 0; entity < scores.Length; entity++)
        {
            bool isKnown = next < known.Length && known[next] == entity;
            next += isKnown ? 1 : 0;
            if (isKnown && entity != question.Answer)
            {
                continue;
            }

            if (kept.Count < count)
            {
                kept.Enqueue(entity, (scores[entity], -entity));
            }
            else if (scores[entity] > scores[kept.Peek()])
            {
                kept.EnqueueDequeue(entity, (scores[entity], -entity));
            }
        }

        int[] entities = new int[kept.Count];
        float[] best = new float[kept.Count];
        for (int place = entities.Length - 1; place >= 0; place--)
        {
            entities[place] = kept.Dequeue();
            best[place] = scores[entities[place]];
        }

        Of(question.Side)[question.Place] = new RetrievedCandidates(entities, best, Array.IndexOf(entities, question.Answer));
    }
}
