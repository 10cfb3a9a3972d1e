using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>Candidates drawn for each triple and side from the entities that make no known triple, without replacement.</summary>
/// <param name="count">How many, where there are as many.</param>
/// <param name="streams">Random streams from the seed.</param>
internal sealed class SampledCandidates(int count, RandomStreams streams) : EntityCandidates
{
    private const string Purpose = "ranking candidates";

    /// <inheritdoc/>
    internal override bool AreOfQuestion => false;

    /// <inheritdoc/>
    internal override void Check(GraphBounds bounds, int triples, string parameter)
    {
    }

    /// <inheritdoc/>
    internal override void Find(RankedQuestion question, ReadOnlySpan<int> known, List<int> found)
    {
        int at = known.BinarySearch(question.Answer);
        ReadOnlySpan<int> without = at >= 0 ? known : [.. known[..~at], question.Answer, .. known[~at..]];
        (int head, int relation, int tail) = question.Triple;
        CounterRandom random = streams.Stream(Purpose, (long)question.Side, head, relation, tail);
        int passed = 0;
        foreach (int place in Draw(ref random, question.Entities - without.Length).Order())
        {
            // The entity at that place of those that are left: as many are passed over as are left out before it.
            while (passed < without.Length && without[passed] <= place + passed)
            {
                passed++;
            }

            found.Add(place + passed);
        }
    }

    /// <summary>Different places below a bound, every set of them equally likely (Floyd's algorithm: one number for each).</summary>
    private HashSet<int> Draw(ref CounterRandom random, int bound)
    {
        HashSet<int> places = [];
        for (int last = bound - Math.Min(count, bound); last < bound; last++)
        {
            if (!places.Add(random.Next(last + 1)))
            {
                places.Add(last);
            }
        }

        return places;
    }
}
