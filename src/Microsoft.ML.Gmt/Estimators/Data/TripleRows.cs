using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt;

/// <summary>Labeled triples of a graph that are found by their row, in any order.</summary>
/// <param name="graph">The graph.</param>
/// <param name="count">How many rows there are.</param>
internal abstract class TripleRows(KnowledgeGraph graph, long count)
{
    public KnowledgeGraph Graph => graph;

    public long Count => count;

    /// <summary>Whether rows may be negatives that were drawn.</summary>
    public virtual bool HasDrawn => false;

    /// <summary>
    /// The triple and label of a row, and the true triple that a negative was drawn from; equal at every call.
    /// </summary>
    public abstract (Triple Triple, bool Label, Triple? DrawnFrom) this[long row] { get; }
}

/// <summary>The true triples of a split, then those labeled false.</summary>
internal sealed class LabeledTripleRows(KnowledgeGraph graph, GraphSplit split)
    : TripleRows(graph, graph.Triples(split).Length + (long)graph.Negatives(split).Length)
{
    private readonly ReadOnlyMemory<Triple> _positives = graph.TripleMemory(split);
    private readonly ReadOnlyMemory<Triple> _negatives = graph.NegativeMemory(split);

    public override (Triple Triple, bool Label, Triple? DrawnFrom) this[long row] =>
        row < _positives.Length ? (_positives.Span[(int)row], true, null) : (_negatives.Span[(int)(row - _positives.Length)], false, null);
}

/// <summary>The true triples of a split, each followed by negatives that are drawn when a row is read, the same at every reading.</summary>
internal sealed class SampledTripleRows(KnowledgeGraph graph, GraphSplit split, int negativesPerPositive, Func<NegativeSampler> newSampler)
    : TripleRows(graph, graph.Triples(split).Length * (1L + negativesPerPositive))
{
    private readonly ReadOnlyMemory<Triple> _positives = graph.TripleMemory(split);
    private readonly Lazy<NegativeSampler> _sampler = new(newSampler);

    public override bool HasDrawn => negativesPerPositive > 0;

    public override (Triple Triple, bool Label, Triple? DrawnFrom) this[long row]
    {
        get
        {
            (long at, long draw) = Math.DivRem(row, 1 + negativesPerPositive);
            Triple positive = _positives.Span[(int)at];
            if (draw == 0)
            {
                return (positive, true, null);
            }

            Span<Triple> negative = stackalloc Triple[1];
            _sampler.Value.Sample(positive, negative, at, draw);
            return (negative[0], false, positive);
        }
    }
}

/// <summary>True triples that are given, of a graph's names.</summary>
internal sealed class GivenTripleRows(KnowledgeGraph graph, ReadOnlyMemory<Triple> triples) : TripleRows(graph, triples.Length)
{
    public override (Triple Triple, bool Label, Triple? DrawnFrom) this[long row] => (triples.Span[(int)row], true, null);
}
