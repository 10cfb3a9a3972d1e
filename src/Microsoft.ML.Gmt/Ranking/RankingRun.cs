using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>One ranking: asks the model in batches, each question once, and counts while the scores are in the processor's cache.</summary>
/// <param name="scorer">The model.</param>
/// <param name="triples">True triples of its graph.</param>
/// <param name="counter">Makes ranks of scores.</param>
/// <param name="mask">What of each triple is hidden in its own queries.</param>
/// <param name="progress">Receives how many triples were ranked since it was last told.</param>
/// <param name="cancellationToken">Ends the ranking; looked at between batches.</param>
/// <param name="ranks">
/// The processes that share the questions, each with the same arguments; null for this one alone. Batches are those of one process, so that
/// a product of matrices, whose last bits depend on its size, gives the same scores.
/// </param>
internal sealed class RankingRun(
    ITripleScorer scorer, Triple[] triples, RankCounter counter, QueryMask mask, IProgress<int>? progress,
    CancellationToken cancellationToken, ICollective? ranks = null)
{
    // Few enough that the scores of one side are still in the cache when they are counted (16 MB).
    private const int CachedScores = 1 << 22;
    private const int MostQueries = 512;

    // A matrix product of fewer rows would read all entities for little; so many are asked as long as 128 MB hold them.
    private const int FewestQueries = 32;
    private const int MostScores = 1 << 25;

    private readonly int _entities = scorer.Graph.Entities.Count;
    private readonly ICollective _ranks = ranks ?? SingleRank.Instance;
    private readonly EntityRank[] _heads = new EntityRank[triples.Length];
    private readonly EntityRank[] _tails = new EntityRank[triples.Length];
    private int _sidesRanked;

    /// <summary>Ranks both sides of all triples.</summary>
    public TripleRanks[] Rank()
    {
        int[] all = [.. Enumerable.Range(0, triples.Length)];

        // What a mask hides differs from triple to triple; where it hides nothing, equal questions have equal answers again.
        ILookup<bool, int> isHidden = all.ToLookup(place => mask != QueryMask.None && HiddenEdges.Exist(scorer.Graph, triples[place]));
        int[] open = [.. isHidden[false]], hidden = [.. isHidden[true]];
        RankOneSide(DistinctQueries.Shared(scorer.Graph, triples, open, RankSide.Tail), RankSide.Tail);
        RankOneSide(DistinctQueries.Shared(scorer.Graph, triples, open, RankSide.Head), RankSide.Head);
        RankBothSides(DistinctQueries.Single(triples, hidden));
        Exchange(_heads);
        Exchange(_tails);
        return [.. triples.Select((triple, place) => new TripleRanks(triple, _heads[place], _tails[place]))];
    }

    private void RankOneSide(DistinctQueries queries, RankSide side)
    {
        int most = QueriesAtOnce(queries.Count);
        using ScoreRoom scores = Room(most);
        Triple[] asked = new Triple[most];
        foreach (int first in OwnBatches(queries.Count, most))
        {
            Memory<Triple> batch = Ask(queries, first, asked);
            Memory<float> room = scores.Memory[..(batch.Length * _entities)];
            if (side == RankSide.Tail)
            {
                scorer.ScoreTails(batch, mask, room);
            }
            else
            {
                scorer.ScoreHeads(batch, mask, room);
            }

            Count(queries, first, batch, room, side);
            Report(queries.PlacesOf(first, batch.Length).Length);
        }
    }

    private void RankBothSides(DistinctQueries queries)
    {
        int most = QueriesAtOnce(queries.Count);
        using ScoreRoom heads = Room(most), tails = Room(most);
        Triple[] asked = new Triple[most];
        foreach (int first in OwnBatches(queries.Count, most))
        {
            Memory<Triple> batch = Ask(queries, first, asked);
            int room = batch.Length * _entities;
            scorer.ScoreBothSides(batch, mask, heads.Memory[..room], tails.Memory[..room]);
            Count(queries, first, batch, heads.Memory[..room], RankSide.Head);
            Count(queries, first, batch, tails.Memory[..room], RankSide.Tail);
            Report(2 * batch.Length);
        }
    }

    /// <summary>The first queries of the batches that are this process's.</summary>
    private IEnumerable<int> OwnBatches(int queries, int most)
    {
        var own = RowShare.OfBatches(_ranks, queries, Math.Max(most, 1));
        for (int first = own.First; first < own.End; first += most)
        {
            yield return first;
        }
    }

    /// <summary>Fills in what other processes have ranked.</summary>
    private void Exchange(EntityRank[] found)
    {
        if (_ranks.Size == 1)
        {
            return;
        }

        PlacedRank[] own = [.. found.Select((rank, place) => new PlacedRank(place, rank)).Where(placed => placed.Rank.Candidates > 0)];
        foreach (PlacedRank placed in _ranks.Join(own))
        {
            found[placed.Place] = placed.Rank;
        }
    }

    private int QueriesAtOnce(int queries) => Math.Min(queries, Math.Clamp(
        CachedScores / Math.Max(_entities, 1), Math.Clamp(MostScores / Math.Max(_entities, 1), 1, FewestQueries), MostQueries));

    private ScoreRoom Room(int queries) => new(checked(queries * _entities));   // [queries, entities]

    private Memory<Triple> Ask(DistinctQueries queries, int first, Triple[] asked)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int count = Math.Min(asked.Length, queries.Count - first);
        for (int i = 0; i < count; i++)
        {
            asked[i] = queries.Example(first + i);
        }

        return asked.AsMemory(0, count);
    }

    /// <summary>Ranks the answers of a batch of questions.</summary>
    /// <exception cref="NotFiniteNumberException">A score is not finite.</exception>
    private void Count(DistinctQueries queries, int first, ReadOnlyMemory<Triple> batch, ReadOnlyMemory<float> scores, RankSide side)
    {
        ParallelLoopResult result = Parallel.For(0, batch.Length, (row, loop) =>
        {
            ReadOnlySpan<float> own = scores.Span.Slice(row * _entities, _entities);
            if (FiniteNumbers.Are(own))
            {
                counter.Count(queries.PlacesOf(first + row), own, side, side == RankSide.Tail ? _tails : _heads);
            }
            else
            {
                loop.Stop();
            }
        });
        if (!result.IsCompleted)
        {
            ScorerArguments.CheckScores(scorer.Graph, scores.Span, batch);
        }
    }

    private void Report(int sides)
    {
        int before = _sidesRanked / 2;
        _sidesRanked += sides;
        if (_sidesRanked / 2 > before)
        {
            progress?.Report((_sidesRanked / 2) - before);
        }
    }

    private readonly record struct PlacedRank(int Place, EntityRank Rank);
}
