using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// Makes negatives by putting another entity in the place of the head or the tail, each side half of the time. Any number of threads may
/// use one sampler: what a row gets depends on the seed, the purpose and the row's position alone.
/// </summary>
/// <remarks>
/// Draws are independent, so a negative may occur twice among those of one triple. Where a side has no entity that qualifies, the
/// other side is tried; where neither has one, <see cref="NegativeSampling.Typed"/> falls back to <see cref="NegativeSampling.Filtered"/>,
/// and that to any other entity (every corruption of the triple is then known to be true). With one entity in the graph there is no other:
/// the triple itself comes back.
/// </remarks>
internal sealed class NegativeSampler
{
    // Rejection is exact and nearly always ends at once; where most candidates are known, listing the rest is exact as well and ends for
    // sure. A list is made once for each place.
    private const int Rejections = 16;

    private readonly RandomStreams _streams;
    private readonly string _purpose;
    private readonly KnownTriples? _known;
    private readonly RelationDomains? _domains;
    private readonly RemainingCandidates _remaining = new();
    private readonly int[] _entities;
    private readonly GraphBounds _bounds;

    /// <summary>Creates a sampler for a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="strategy">Which entities may stand in.</param>
    /// <param name="streams">The random streams of the run.</param>
    /// <param name="known">
    /// The triples that no negative may be; null for the training triples, so that held-out ones don't steer what is learned.
    /// Unused by <see cref="NegativeSampling.Uniform"/>.
    /// </param>
    /// <param name="purpose">The name of the stream to draw from. Default <c>negatives</c>.</param>
    /// <exception cref="ArgumentException">The known triples are of a graph of another size.</exception>
    public NegativeSampler(
        KnowledgeGraph graph, NegativeSampling strategy, RandomStreams streams, KnownTriples? known = null, string purpose = "negatives")
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentNullException.ThrowIfNull(purpose);
        if (known is not null && known.Bounds != graph.Bounds)
        {
            throw new ArgumentException($"The known triples are of a graph with {known.Bounds}; this one has "
                + $"{graph.Bounds}.", nameof(known));
        }

        (_streams, _purpose) = (streams, purpose);
        _known = strategy == NegativeSampling.Uniform ? null : known ?? new KnownTriples(graph, GraphSplit.Train);
        _domains = strategy == NegativeSampling.Typed ? new RelationDomains(graph) : null;
        _entities = [.. Enumerable.Range(0, graph.Entities.Count)];
        _bounds = graph.Bounds;
    }

    /// <summary>Draws negatives of one triple.</summary>
    /// <param name="positive">The triple to corrupt.</param>
    /// <param name="negatives">Filled with negatives.</param>
    /// <param name="position">Where in the work this is (epoch, row …): the same position gives the same negatives.</param>
    /// <exception cref="ArgumentOutOfRangeException">The triple is not of the graph.</exception>
    public void Sample(Triple positive, Span<Triple> negatives, params ReadOnlySpan<long> position)
    {
        _bounds.Check(positive, nameof(positive));
        CounterRandom random = _streams.Stream(_purpose, position);
        for (int i = 0; i < negatives.Length; i++)
        {
            bool corruptsHead = (random.NextUInt64() >> 63) == 0;
            negatives[i] = _known is null
                ? Replace(positive, corruptsHead, random.Next(_entities.Length))
                : Corrupt(positive, corruptsHead, ref random);
        }
    }

    /// <summary>Draws negatives of many triples, on all cores.</summary>
    /// <param name="positives">The triples to corrupt.</param>
    /// <param name="negativesPerPositive">How many of each.</param>
    /// <param name="epoch">The first coordinate of every position; a triple's index is the second.</param>
    /// <returns>[positives × negativesPerPositive]: those of the first triple, then those of the second, and so on.</returns>
    public Triple[] SampleAll(ReadOnlyMemory<Triple> positives, int negativesPerPositive, long epoch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(negativesPerPositive);
        var negatives = new Triple[checked(positives.Length * negativesPerPositive)];
        Parallel.For(0, positives.Length, row =>
            Sample(positives.Span[row], negatives.AsSpan(row * negativesPerPositive, negativesPerPositive), epoch, row));
        return negatives;
    }

    /// <summary>
    /// Draws entities that take the place of one side of a triple. Where none qualifies there, another entity stands in, even one that
    /// makes a known triple.
    /// </summary>
    /// <param name="positive">The triple to corrupt.</param>
    /// <param name="atHead">Whether the head is replaced, and not the tail.</param>
    /// <param name="entities">Filled with entities.</param>
    /// <param name="position">Where in the work this is (step, row …): the same position gives the same entities.</param>
    /// <exception cref="ArgumentOutOfRangeException">The triple is not of the graph.</exception>
    public void SampleEntities(Triple positive, bool atHead, Span<int> entities, params ReadOnlySpan<long> position)
    {
        _bounds.Check(positive, nameof(positive));
        CounterRandom random = _streams.Stream(_purpose, position);
        for (int i = 0; i < entities.Length; i++)
        {
            Triple negative = default;
            bool isFound = _known is not null
                && ((_domains is not null && TryCorrupt(positive, atHead, typed: true, ref random, out negative))
                    || TryCorrupt(positive, atHead, typed: false, ref random, out negative));
            if (!isFound)
            {
                negative = _known is null
                    ? Replace(positive, atHead, random.Next(_entities.Length)) : AnyOther(positive, atHead, ref random);
            }

            entities[i] = atHead ? negative.Head : negative.Tail;
        }
    }

    private Triple Corrupt(Triple positive, bool corruptsHead, ref CounterRandom random)
    {
        bool typed = _domains is not null;
        return (typed && TryCorrupt(positive, corruptsHead, typed: true, ref random, out Triple negative))
            || (typed && TryCorrupt(positive, !corruptsHead, typed: true, ref random, out negative))
            || TryCorrupt(positive, corruptsHead, typed: false, ref random, out negative)
            || TryCorrupt(positive, !corruptsHead, typed: false, ref random, out negative)
            ? negative
            : AnyOther(positive, corruptsHead, ref random);
    }

    private bool TryCorrupt(Triple positive, bool atHead, bool typed, ref CounterRandom random, out Triple negative)
    {
        (int own, int stays) = atHead ? (positive.Head, positive.Tail) : (positive.Tail, positive.Head);
        ReadOnlyMemory<int> candidates = Candidates(positive.Relation, atHead, typed), known = Known(positive, atHead);
        bool found = TryReject(candidates.Span, known.Span, own, ref random, out int entity)
            || TryPick(_remaining.At(stays, positive.Relation, atHead, typed, candidates, known), own, ref random, out entity);
        negative = found ? Replace(positive, atHead, entity) : positive;
        return found;
    }

    private Triple AnyOther(Triple positive, bool atHead, ref CounterRandom random)
    {
        int own = atHead ? positive.Head : positive.Tail;
        return TryReject(_entities, [], own, ref random, out int entity) || TryPick(_entities, own, ref random, out entity)
            ? Replace(positive, atHead, entity)
            : positive;
    }

    private ReadOnlyMemory<int> Candidates(int relation, bool atHead, bool typed) =>
        !typed ? _entities : atHead ? _domains!.HeadsOf(relation) : _domains!.TailsOf(relation);

    private ReadOnlyMemory<int> Known(Triple positive, bool atHead) =>
        atHead ? _known!.HeadMemory(positive.Relation, positive.Tail) : _known!.TailMemory(positive.Head, positive.Relation);

    private static Triple Replace(Triple triple, bool atHead, int entity) =>
        atHead ? triple with { Head = entity } : triple with { Tail = entity };

    private static bool TryReject(
        ReadOnlySpan<int> candidates, ReadOnlySpan<int> known, int own, ref CounterRandom random, out int entity)
    {
        for (int i = 0; i < Rejections && !candidates.IsEmpty; i++)
        {
            entity = candidates[random.Next(candidates.Length)];
            if (entity != own && known.BinarySearch(entity) < 0)
            {
                return true;
            }
        }

        entity = -1;
        return false;
    }

    /// <summary>Draws one of some entities, in ascending order, but for one.</summary>
    private static bool TryPick(ReadOnlySpan<int> entities, int own, ref CounterRandom random, out int entity)
    {
        int at = entities.BinarySearch(own), count = at < 0 ? entities.Length : entities.Length - 1;
        if (count == 0)
        {
            entity = -1;
            return false;
        }

        int drawn = random.Next(count);
        entity = entities[at >= 0 && drawn >= at ? drawn + 1 : drawn];
        return true;
    }
}
