using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;

namespace Microsoft.ML.Gmt;

/// <summary>
/// What a graph knows of a triple, as a value of a data view: the triple, what of it is masked, and the module that encodes its edges. It
/// is how stage 1 hands over to stage 2; nothing is computed before it is asked for. It lives as long as the <see cref="SgmTransformer"/>
/// it comes from.
/// </summary>
public sealed class GraphEvidence
{
    internal GraphEvidence(TripleQuery? query, SgmScorer model, QueryMask mask, NativeLifetime lifetime) =>
        (Query, Model, Mask, Lifetime) = (query, model, mask, lifetime);

    /// <summary>The triple by ids of <see cref="Graph"/>; null where the graph lacks one of its names.</summary>
    public Triple? Triple => Query?.Triple;

    /// <summary>The triple, and what is hidden from its evidence.</summary>
    internal TripleQuery? Query { get; }

    /// <summary>What of the triple is hidden from its own evidence.</summary>
    public QueryMask Mask { get; }

    /// <summary>The graph that the edges are of.</summary>
    public KnowledgeGraph Graph => Model.Graph;

    /// <summary>The module that encodes edge states, with the graph's states under it.</summary>
    internal SgmScorer Model { get; }

    /// <summary>Whether other evidence is of the same module and under the same mask.</summary>
    internal bool IsOfSame(GraphEvidence other) => ReferenceEquals(Model, other.Model) && Mask == other.Mask;

    /// <summary>How long the module lives.</summary>
    internal NativeLifetime Lifetime { get; }

    /// <inheritdoc/>
    public override string ToString() => Triple is { } triple ? Graph.TripleText(triple) : "(unknown)";
}
