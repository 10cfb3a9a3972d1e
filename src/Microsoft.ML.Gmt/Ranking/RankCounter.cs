using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>
/// Makes ranks of the scores of all entities: counts the candidates that are scored higher than an answer, and those as high.
/// </summary>
/// <param name="triples">The triples that are ranked.</param>
/// <param name="filter">Known triples, whose entities are no candidates; null for raw ranks.</param>
/// <param name="candidates">Which entities are; null for all.</param>
/// <param name="keeper">Keeps the best entities of each question, where all are candidates; null for nobody.</param>
internal sealed class RankCounter(
    Triple[] triples, KnownTriples? filter, EntityCandidates? candidates, CandidateKeeper? keeper = null)
{
    /// <summary>Ranks the answers of one question.</summary>
    /// <param name="places">The places of the triples that ask it.</param>
    /// <param name="scores">The scores of all entities.</param>
    /// <param name="side">What is sought.</param>
    /// <param name="ranks">Receives the ranks at the triples' places.</param>
    public void Count(ReadOnlySpan<int> places, ReadOnlySpan<float> scores, RankSide side, EntityRank[] ranks)
    {
        (int head, int relation, int tail) = triples[places[0]];
        ReadOnlySpan<int> known = filter is null ? []
            : side == RankSide.Tail ? filter.TailsOf(head, relation) : filter.HeadsOf(relation, tail);
        if (candidates is null)
        {
            CountAmongAll(places, scores, side, known, ranks);
        }
        else
        {
            CountAmongSome(places, scores, side, known, ranks);
        }
    }

    /// <summary>Counts all entities, and takes the known ones back out, the answer itself excepted.</summary>
    private void CountAmongAll(
        ReadOnlySpan<int> places, ReadOnlySpan<float> scores, RankSide side, ReadOnlySpan<int> known, EntityRank[] ranks)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(known.Length);
        ReadOnlySpan<float> ofKnown = Gather(scores, known, rented);
        foreach (int place in places)
        {
            int answer = Question(place, side, scores).Answer;
            (int higher, int equal) = ScoreCounts.Of(scores, scores[answer]);
            (int knownHigher, int knownEqual) = ScoreCounts.Of(ofKnown, scores[answer]);
            int unknown = known.BinarySearch(answer) >= 0 ? 0 : 1;   // then it was not taken out with the known ones
            ranks[place] = new EntityRank(
                higher - knownHigher, equal - knownEqual - unknown, scores.Length - known.Length + 1 - unknown);
            keeper?.Keep(Question(place, side, scores), scores, known);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    private void CountAmongSome(
        ReadOnlySpan<int> places, ReadOnlySpan<float> scores, RankSide side, ReadOnlySpan<int> known, EntityRank[] ranks)
    {
        List<int> found = [];
        float[] gathered = [];
        for (int i = 0; i < places.Length; i++)
        {
            RankedQuestion question = Question(places[i], side, scores);
            if (i == 0 || !candidates!.AreOfQuestion)
            {
                found.Clear();
                candidates!.Find(question, known, found);
                gathered = new float[found.Count];
                Gather(scores, CollectionsMarshal.AsSpan(found), gathered);
            }

            (int higher, int equal) = ScoreCounts.Of(gathered, scores[question.Answer]);
            int own = found.Contains(question.Answer) ? 1 : 0;   // the answer is no rival of itself
            ranks[places[i]] = new EntityRank(higher, equal - own, found.Count - own + 1);
        }
    }

    private RankedQuestion Question(int place, RankSide side, ReadOnlySpan<float> scores) =>
        new(triples[place], side, place, scores.Length);

    private static ReadOnlySpan<float> Gather(ReadOnlySpan<float> scores, ReadOnlySpan<int> entities, float[] room)
    {
        for (int i = 0; i < entities.Length; i++)
        {
            room[i] = scores[entities[i]];
        }

        return room.AsSpan(0, entities.Length);
    }
}
