using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>The batches of an embedding's training: shuffled queries, with samples the negatives of each.</summary>
internal sealed class KgeBatches
{
    private readonly KgeQueries _queries;
    private readonly int _batchSize;
    private readonly int _relations;
    private readonly int _negativesPerPositive;
    private readonly RandomStreams _streams;
    private readonly NegativeSampler? _negatives;

    /// <param name="graph">The graph.</param>
    /// <param name="triples">True triples to train on.</param>
    /// <param name="options">Settled options.</param>
    /// <param name="streams">The random streams of the run.</param>
    public KgeBatches(KnowledgeGraph graph, Triple[] triples, KgeTrainingOptions options, RandomStreams streams)
    {
        bool isReciprocal = options.ReciprocalRelations!.Value;
        (_relations, _streams, _batchSize) = (graph.Relations.Count, streams, options.BatchSize!.Value);
        _queries = options.Loss == KgeLoss.KvsAll
            ? KgeQueries.OfDistinct(triples, _relations, isReciprocal) : KgeQueries.OfTriples(triples, _relations, isReciprocal);
        if (options.Loss == KgeLoss.NegativeSampling)
        {
            _negatives = new NegativeSampler(
                graph, options.Negatives, streams, KnownTriples.Of(graph, triples), purpose: "kge-negatives");
            _negativesPerPositive = options.NegativesPerPositive;
        }

        StepsPerEpoch = EpochBudget.StepsPerEpoch(_queries.Count, _batchSize);
    }

    /// <summary>Queries of an epoch.</summary>
    public int RowsPerEpoch => _queries.Count;

    /// <summary>Steps of an epoch.</summary>
    public long StepsPerEpoch { get; }

    /// <summary>An epoch's batches; the epoch, from 0, decides all chance in them.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="firstStep">How many of its batches to pass over.</param>
    public IEnumerable<KgeBatch> Epoch(int epoch, long firstStep = 0)
    {
        int[] order = [.. Enumerable.Range(0, _queries.Count)];
        CounterRandom random = _streams.Stream("kge-query-order", epoch);
        random.Shuffle(order.AsSpan());
        for (long step = firstStep; step * _batchSize < order.Length; step++)
        {
            int start = (int)(step * _batchSize);
            yield return Batch(order.AsSpan(start, Math.Min(_batchSize, order.Length - start)), (epoch * StepsPerEpoch) + step);
        }
    }

    private KgeBatch Batch(ReadOnlySpan<int> chosen, long step)
    {
        KgeQuery[] queries =
        [
            .. chosen.ToArray().Select(index => _queries[index]).OrderBy(query => query.AsksForHead).ThenBy(query => query.Relation),
        ];
        int answerCount = queries.Sum(query => query.AnswerCount);
        long[] answers = new long[answerCount], rows = new long[answerCount];
        for (int row = 0, next = 0; row < queries.Length; row++)
        {
            foreach (int answer in _queries.AnswersOf(queries[row]))
            {
                (answers[next], rows[next]) = (answer, row);
                next++;
            }
        }

        return new KgeBatch(
            Array.ConvertAll(queries, query => (long)query.Given), Array.ConvertAll(queries, query => (long)query.Relation),
            queries.Count(query => !query.AsksForHead), rows, answers,
            _negatives is null ? null : Candidates(_negatives, queries, answers, step));
    }

    /// <summary>The true answer of each query, then its negatives.</summary>
    private int[] Candidates(NegativeSampler sampler, KgeQuery[] queries, long[] answers, long step)
    {
        int each = 1 + _negativesPerPositive;
        int[] candidates = new int[checked(queries.Length * each)];
        Parallel.For(0, queries.Length, row =>
        {
            KgeQuery query = queries[row];
            bool isHead = query.AsksForHead || query.Relation >= _relations;
            int relation = query.Relation % _relations, answer = (int)answers[row];
            Triple positive = isHead ? new Triple(answer, relation, query.Given) : new Triple(query.Given, relation, answer);
            Span<int> own = candidates.AsSpan(row * each, each);
            own[0] = answer;
            sampler.SampleEntities(positive, isHead, own[1..], step, row);
        });
        return candidates;
    }
}
