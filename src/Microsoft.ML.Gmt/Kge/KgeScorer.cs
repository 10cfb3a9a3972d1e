using System.Runtime.InteropServices;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>
/// A trained embedding as a scorer. It has learned the edges of its graph and can't forget one, so it can't mask. Any number of threads may
/// read from it, as long as nobody changes the vectors.
/// </summary>
/// <remarks>
/// With reciprocal relations a triple has two scores, one that asks for its tail and one that asks for its head: <see cref="Score"/> is
/// their mean, rankings take that of their side.
/// </remarks>
internal sealed class KgeScorer : ITripleScorer, IDisposable
{
    private readonly Lazy<KnownTriples?> _fittedOn;

    /// <param name="module">The vectors; disposed with this object.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="fittedOn">Tells on first use which true triples it was trained on; null where they are not known.</param>
    public KgeScorer(KgeModule module, KnowledgeGraph graph, Func<KnownTriples?>? fittedOn = null)
    {
        (Module, Graph) = (module, graph);
        _fittedOn = new(() => fittedOn?.Invoke());
    }

    /// <summary>The vectors.</summary>
    public KgeModule Module { get; }

    /// <inheritdoc/>
    public KnowledgeGraph Graph { get; }

    /// <inheritdoc/>
    public KnownTriples? FittedOn => _fittedOn.Value;

    /// <inheritdoc/>
    public bool CanMask => false;

    /// <summary>Whether the module belongs to this object and is disposed with it; true.</summary>
    public bool OwnsModule { get; init; } = true;

    /// <inheritdoc/>
    public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores)
    {
        Check(triples, mask);
        ScorerArguments.CheckRoom(triples.Length, 1, scores, nameof(scores));
        if (triples.IsEmpty)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        Triple[] asked = triples.ToArray();
        Tensor result = ScoreAnswers(asked, ofTails: true);                                              // [triples, 1]
        if (Module.Shape.ReciprocalRelations)
        {
            result = (result + ScoreAnswers(asked, ofTails: false)) / 2;
        }

        Read(result).CopyTo(scores.Span);
        FiniteNumbers.CheckScores(scores.Span, i => $"the embedding's score of {Graph.TripleText(asked[i])}");
    }

    /// <inheritdoc/>
    public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        ScoreEntities(queries, ofTails: true, mask, scores);

    /// <inheritdoc/>
    public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) =>
        ScoreEntities(queries, ofTails: false, mask, scores);

    /// <summary>Vectors of entities, [ids, width], in memory of their own.</summary>
    public float[] EntityVectors(IReadOnlyCollection<int> ids) => Vectors(Module.Entities, ids);

    /// <summary>Vectors of relations in their own direction, [ids, width], in memory of their own.</summary>
    public float[] RelationVectors(IReadOnlyCollection<int> ids) => Vectors(Module.Relations, ids);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (OwnsModule)
        {
            Module.Dispose();
        }
    }

    private static float[] Vectors(Tensor matrix, IReadOnlyCollection<int> ids)
    {
        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        return Read(KgeFunction.Rows(matrix, [.. ids.Select(id => (long)id)])).ToArray();
    }

    private static ReadOnlySpan<float> Read(Tensor scores) => MemoryMarshal.Cast<byte, float>(scores.contiguous().bytes);

    private void ScoreEntities(ReadOnlyMemory<Triple> queries, bool ofTails, QueryMask mask, Memory<float> scores)
    {
        Check(queries, mask);
        ScorerArguments.CheckRoom(queries.Length, Graph.Entities.Count, scores, nameof(scores));
        if (queries.IsEmpty)
        {
            return;
        }

        using var scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        Tensor asked = Ask(queries.Span, ofTails);
        if (Module.Function.Comparison == VectorComparison.Product)
        {
            ScoreProduct.Write(asked, Module.Entities, scores);
        }
        else
        {
            Read(Module.ScoreAll(asked)).CopyTo(scores.Span);
        }

        ScorerArguments.CheckScores(Graph, scores.Span, queries);
    }

    private Tensor ScoreAnswers(Triple[] triples, bool ofTails) => Module.ScoreCandidates(
        Ask(triples, ofTails), Array.ConvertAll(triples, triple => ofTails ? triple.Tail : triple.Head));

    /// <summary>What triples ask for: [triples, width].</summary>
    private Tensor Ask(ReadOnlySpan<Triple> triples, bool ofTails)
    {
        long[] given = new long[triples.Length], relations = new long[triples.Length];
        int shift = !ofTails && Module.Shape.ReciprocalRelations ? Graph.Relations.Count : 0;
        for (int i = 0; i < triples.Length; i++)
        {
            given[i] = ofTails ? triples[i].Head : triples[i].Tail;
            relations[i] = triples[i].Relation + shift;
        }

        return Module.Queries(given, relations, ofTails || Module.Shape.ReciprocalRelations ? triples.Length : 0);
    }

    private void Check(ReadOnlyMemory<Triple> triples, QueryMask mask)
    {
        if (mask != QueryMask.None)
        {
            throw new NotSupportedException(
                "An embedding has learned the edges of its graph and cannot leave out those that state a query; score without a mask "
                + $"({nameof(QueryMask)}.{nameof(QueryMask.None)}), and ask {nameof(FittedOn)} what it has seen.");
        }

        ScorerArguments.CheckTriples(Graph, triples.Span, nameof(triples));
    }
}
