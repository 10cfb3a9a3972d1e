using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>
/// A trained module and the graph whose edges it encodes: scores by DistMult over the entities' vectors. What the weights decide is
/// computed when it is first needed, and kept. Any number of threads may read from it, as long as nobody changes the weights.
/// </summary>
internal sealed class SgmScorer : ITripleScorer, IDisposable
{
    private readonly Lazy<GraphEdgeStates> _states;
    private readonly Lazy<EncodedEdgeStates?> _encoded;
    private readonly Lazy<Tensor> _entities;   // [entities, d]
    private readonly Lazy<KnownTriples?> _fittedOn;

    /// <param name="module">The module.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="states">The graph's states under that module; null finds them on first use.</param>
    /// <param name="fittedOn">Tells on first use which true triples the module was trained on; null where they are not known.</param>
    public SgmScorer(SgmModule module, KnowledgeGraph graph, GraphEdgeStates? states = null, Func<KnownTriples?>? fittedOn = null)
    {
        (Module, Graph) = (module, graph);
        _states = states is null ? new(() => new GraphEdgeStateIndex(graph, module).Current) : new(states);
        _encoded = new(() => EncodedEdgeStates.TryCreate(module, States));
        _entities = new(EncodeAllEntities);
        _fittedOn = new(() => fittedOn?.Invoke());
    }

    /// <summary>The module.</summary>
    public SgmModule Module { get; }

    /// <inheritdoc/>
    public KnowledgeGraph Graph { get; }

    /// <inheritdoc/>
    public KnownTriples? FittedOn => _fittedOn.Value;

    /// <inheritdoc/>
    public bool CanMask => true;

    /// <summary>Whether the module belongs to this object and is disposed with it; true.</summary>
    public bool OwnsModule { get; init; } = true;

    /// <summary>The distinct edge states of the graph.</summary>
    public GraphEdgeStates States => _states.Value;

    /// <summary>The vectors of those states; null where they would take too much memory.</summary>
    public EncodedEdgeStates? Encoded => _encoded.Value;

    private SgmForward Forward => new(Module, States);

    /// <inheritdoc/>
    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores)
    {
        ScorerArguments.CheckRoom(triples.Length, 1, scores, nameof(scores));
        if (!triples.IsEmpty)
        {
            using var scope = NewDisposeScope();
            using IDisposable inference = no_grad();
            Triple[] asked = triples.ToArray();
            Tensor result = Forward.Score(TripleQuery.Of(asked), mask).cpu().contiguous();   // [triples]
            MemoryMarshal.Cast<byte, float>(result.bytes).CopyTo(scores.Span);
            Check(scores.Span, asked);
        }
    }

    /// <inheritdoc/>
    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores)
    {
        CheckRoom(queries, scores, nameof(scores));
        Ask(queries, mask, asked => asked.ScoreTails(scores));
        CheckEntities(scores.Span, queries);
    }

    /// <inheritdoc/>
    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores)
    {
        CheckRoom(queries, scores, nameof(scores));
        Ask(queries, mask, asked => asked.ScoreHeads(scores));
        CheckEntities(scores.Span, queries);
    }

    /// <inheritdoc/>
    public void ScoreBothSides(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> heads, Memory<float> tails)
    {
        CheckRoom(queries, heads, nameof(heads));
        CheckRoom(queries, tails, nameof(tails));
        Ask(queries, mask, asked =>
        {
            asked.ScoreTails(tails);
            asked.ScoreHeads(heads);
        });
        CheckEntities(heads.Span, queries);
        CheckEntities(tails.Span, queries);
    }

    /// <summary>Scores with the vectors that they come from, without gradients.</summary>
    /// <param name="queries">The triples, and what each hides.</param>
    /// <param name="mask">What of the hidden triple is hidden from a query's head and tail.</param>
    /// <returns>Scores [triples]; vectors of heads and of tails, [triples, d] each.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="NotFiniteNumberException">A score is not finite.</exception>
    public (Tensor Scores, Tensor Heads, Tensor Tails) ScoreWithVectors(IReadOnlyList<TripleQuery> queries, QueryMask mask)
    {
        using IDisposable inference = no_grad();
        (Tensor Scores, Tensor Heads, Tensor Tails) result = Forward.ScoreWithVectors(queries, mask, Encoded);
        using (NewDisposeScope())
        {
            Check(MemoryMarshal.Cast<byte, float>(result.Scores.cpu().contiguous().bytes), [.. queries.Select(query => query.Triple)]);
        }

        return result;
    }

    /// <summary>A copy whose training does not touch this one; the graph, which nobody can change, is shared.</summary>
    public SgmScorer Clone()
    {
        using var scope = NewDisposeScope();
        var module = new SgmModule(Module.Options, Module.RelationSemantics.Weight, new RandomStreams(0));
        module.MoveTo(Module.RelationSemantics.Weight.device);
        SgmStateDict.Load(module, SgmStateDict.Of(Module).ToDictionary(), "the copy");
        return new SgmScorer(module, Graph, _states.IsValueCreated ? States : null, () => FittedOn);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_encoded.IsValueCreated)
        {
            _encoded.Value?.Dispose();
        }

        if (_entities.IsValueCreated)
        {
            _entities.Value.Dispose();
        }

        if (OwnsModule)
        {
            Module.Dispose();
        }
    }

    private void Check(ReadOnlySpan<float> scores, Triple[] triples) =>
        FiniteNumbers.CheckScores(scores, i => $"the graph module's score of {Graph.TripleText(triples[i])}");

    private void CheckEntities(ReadOnlySpan<float> scores, ReadOnlyMemory<Triple> queries) =>
        ScorerArguments.CheckScores(Graph, scores, queries);

    private void CheckRoom(ReadOnlyMemory<Triple> queries, Memory<float> scores, string parameter) =>
        ScorerArguments.CheckRoom(queries.Length, Graph.Entities.Count, scores, parameter);

    private void Ask(ReadOnlyMemory<Triple> queries, QueryMask mask, Action<EntityQueries> use)
    {
        ScorerArguments.CheckTriples(Graph, queries.Span, nameof(queries));
        if (queries.IsEmpty)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        Triple[] triples = queries.ToArray();
        Tensor relations = Module.RelationVectors();
        EntityQueries asked = EntityQueries.Of(_entities.Value, relations, triples);
        use(QueryEntities.IsAnyMasked(States, triples, mask)
            ? asked.Mask(Module, new QueryEntities(States, TripleQuery.Of(triples), mask), relations) : asked);
    }

    private Tensor EncodeAllEntities()
    {
        using IDisposable inference = no_grad();
        return Forward.EncodeAllEntities().DetachFromDisposeScope();
    }
}
