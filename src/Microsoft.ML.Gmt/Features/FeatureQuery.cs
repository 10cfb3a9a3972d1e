using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Features;

/// <summary>A triple whose features are asked for, and the edges that they may be read from.</summary>
/// <param name="edges">All edges of the graph.</param>
/// <param name="query">The triple, and what is hidden beside it.</param>
internal readonly struct FeatureQuery(SignedEdges edges, TripleQuery query)
{
    /// <summary>The edges without those that state the triple.</summary>
    public MaskedEdges Edges { get; } = new(edges, query);

    /// <summary>The triple.</summary>
    public Triple Triple => query.Triple;

    /// <summary>The head's side: which edge of the head would state the triple.</summary>
    public FeatureSide Head => new(Triple.Head, 2 * Triple.Relation, Triple.Tail);

    /// <summary>The tail's side.</summary>
    public FeatureSide Tail => new(Triple.Tail, (2 * Triple.Relation) + 1, Triple.Head);
}

/// <summary>A triple seen from one of its ends.</summary>
/// <param name="Entity">The end.</param>
/// <param name="Signed">The relation of the edge that would state the triple, seen from here.</param>
/// <param name="Other">The other end.</param>
internal readonly record struct FeatureSide(int Entity, int Signed, int Other);
