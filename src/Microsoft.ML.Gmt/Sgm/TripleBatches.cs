using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>The batches of stage 1: shuffled true triples, each with its corrupted ones.</summary>
internal sealed class TripleBatches
{
    private readonly Triple[] _triples;
    private readonly SgmTrainingOptions _options;
    private readonly RandomStreams _streams;
    private readonly NegativeSampler _negatives;

    public TripleBatches(KnowledgeGraph graph, Triple[] triples, SgmTrainingOptions options, RandomStreams streams)
    {
        (_triples, _options, _streams) = (triples, options, streams);
        _negatives = new NegativeSampler(graph, options.Negatives, streams, purpose: "sgm-negatives");
        StepsPerEpoch = (options.DropLastBatch ? triples.Length : triples.Length + options.BatchSize - 1) / options.BatchSize;
        RowsPerEpoch = (int)Math.Min(triples.Length, StepsPerEpoch * options.BatchSize);
    }

    public long StepsPerEpoch { get; }

    public int RowsPerEpoch { get; }

    /// <summary>An epoch's batches; the epoch, from 0, decides all chance in them.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="firstStep">How many of its batches to pass over.</param>
    public IEnumerable<(Triple[] Positives, Triple[] Negatives)> Epoch(int epoch, long firstStep = 0)
    {
        Triple[] order = [.. _triples];
        CounterRandom random = _streams.Stream("sgm-triple-order", epoch);
        random.Shuffle(order.AsSpan());
        for (long step = firstStep; step < StepsPerEpoch; step++)
        {
            int start = (int)step * _options.BatchSize;
            Triple[] positives = order[start..Math.Min(start + _options.BatchSize, order.Length)];
            yield return (positives, _negatives.SampleAll(positives, _options.NegativesPerPositive, (epoch * StepsPerEpoch) + step));
        }
    }
}
