using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>The batches of stage 1: shuffled true triples, each with its corrupted ones.</summary>
internal sealed class TripleBatches
{
    private const int MostNegatives = 1 << 28; // of a step: 3 GB

    private readonly Triple[] _triples;
    private readonly SgmTrainingOptions _options;
    private readonly RandomStreams _streams;
    private readonly NegativeSampler _negatives;

    /// <exception cref="ArgumentOutOfRangeException">A step has more negatives than can be drawn at once.</exception>
    public TripleBatches(KnowledgeGraph graph, Triple[] triples, SgmTrainingOptions options, RandomStreams streams)
    {
        long negatives = (long)Math.Min(options.BatchSize, triples.Length) * options.NegativesPerPositive;
        if (negatives > MostNegatives)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                $"{negatives:N0} negatives a step (BatchSize · NegativesPerPositive) are more than {MostNegatives:N0}; choose fewer.");
        }

        (_triples, _options, _streams) = (triples, options, streams);
        _negatives = new NegativeSampler(graph, options.Negatives, streams, purpose: "sgm-negatives");
        StepsPerEpoch = (options.DropLastBatch ? triples.Length : triples.Length + options.BatchSize - 1L) / options.BatchSize;
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
            int start = (int)(step * _options.BatchSize), end = (int)Math.Min((long)start + _options.BatchSize, order.Length);
            Triple[] positives = order[start..end];
            yield return (positives, _negatives.SampleAll(positives, _options.NegativesPerPositive, (epoch * StepsPerEpoch) + step));
        }
    }
}
