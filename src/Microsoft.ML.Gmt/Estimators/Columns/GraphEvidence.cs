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
    private readonly SgmScorer _model;

    internal GraphEvidence(Triple? triple, SgmScorer model, QueryMask mask, NativeLifetime lifetime) =>
        (Triple, _model, Mask, Lifetime) = (triple, model, mask, lifetime);

    /// <summary>The triple by ids of <see cref="Graph"/>; null where the graph lacks one of its names.</summary>
    public Triple? Triple { get; }

    /// <summary>What of the triple is hidden from its own evidence.</summary>
    public QueryMask Mask { get; }

    /// <summary>The graph that the edges are of.</summary>
    public KnowledgeGraph Graph => _model.Graph;

    /// <summary>The module that encodes edge states.</summary>
    internal SgmModule Module => _model.Module;

    /// <summary>The graph's distinct edge states under that module.</summary>
    internal GraphEdgeStates States => _model.States;

    internal SgmScorer Model => _model;

    /// <summary>Whether other evidence is of the same module and under the same mask.</summary>
    internal bool IsOfSame(GraphEvidence other) => ReferenceEquals(Model, other.Model) && Mask == other.Mask;

    /// <summary>How long the module lives.</summary>
    internal NativeLifetime Lifetime { get; }

    /// <summary>The triple's distinct edge states and how many edges have each; empty where the triple is null.</summary>
    internal TripleEvidence Collect()
    {
        using NativeLifetime.Use use = Lifetime.Begin();
        return TripleEvidence.Collect(States, [Triple], Mask);
    }

    /// <inheritdoc/>
    public override string ToString() => Triple is { } triple ? Graph.TripleText(triple) : "(unknown)";
}
