using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>
/// Draws what verdicts without labels are fitted on: training triples, and a typed negative of each, from whose scores the triple is
/// hidden as from its own.
/// </summary>
/// <remarks>What a relation's rows are depends on graph and seed alone, not on what else was drawn.</remarks>
internal sealed class CalibrationPairs
{
    private const string Purpose = "verdicts";

    private readonly RandomStreams _streams;
    private readonly NegativeSampler _negatives;
    private readonly KnownTriples _stated;
    private readonly Triple[] _all;
    private readonly ILookup<int, Triple> _byRelation;

    /// <param name="graph">The graph.</param>
    /// <param name="stated">Its training triples.</param>
    /// <param name="seed">The seed of the draws.</param>
    public CalibrationPairs(KnowledgeGraph graph, KnownTriples stated, int seed)
    {
        (_streams, _stated) = (new RandomStreams(seed), stated);
        _negatives = new NegativeSampler(graph, NegativeSampling.Typed, _streams, stated, Purpose);
        _all = [.. graph.Triples(GraphSplit.Train).ToArray().Distinct()];
        _byRelation = _all.ToLookup(triple => triple.Relation);
    }

    /// <summary>Rows of all relations.</summary>
    /// <param name="count">How many training triples at most.</param>
    public (TripleQuery Query, bool Label)[] OfAll(int count) => Draw([.. _all], count, -1);

    /// <summary>Rows of a relation.</summary>
    /// <param name="relation">The relation.</param>
    /// <param name="count">How many training triples at most.</param>
    public (TripleQuery Query, bool Label)[] Of(int relation, int count) => Draw([.. _byRelation[relation]], count, relation);

    private (TripleQuery Query, bool Label)[] Draw(Triple[] triples, int count, long position)
    {
        // The first of a shuffle: as many draws as rows, whatever the number of triples.
        CounterRandom random = _streams.Stream(Purpose, position);
        int drawn = Math.Min(count, triples.Length);
        for (int i = 0; i < drawn; i++)
        {
            int other = i + random.Next(triples.Length - i);
            (triples[i], triples[other]) = (triples[other], triples[i]);
        }

        List<(TripleQuery, bool)> rows = [];
        for (int i = 0; i < drawn; i++)
        {
            Triple[] negative = new Triple[1];
            _negatives.Sample(triples[i], negative, position, i);
            rows.Add((triples[i], true));
            if (!_stated.Contains(negative[0]))
            {
                rows.Add((new TripleQuery(negative[0], triples[i]), false));
            }
        }

        return [.. rows];
    }
}
