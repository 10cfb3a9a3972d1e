using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Benchmarks.Paths;

/// <summary>Both sides of some test triples of a graph as queries of a foundation model, with all that those of a relation share.</summary>
internal sealed class FoundationQueries : IDisposable
{
    private readonly PathRuntime _runtime;
    private readonly Dictionary<int, RelationCache.Lease> _leases;
    private readonly (IPathNetwork Network, PathQuery Query, int Answer)[] _queries;

    /// <param name="model">The model.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="triples">How many test triples, spread over all.</param>
    /// <param name="limit">How many more entities a layer may reach; null for all.</param>
    public FoundationQueries(FoundationModel model, KnowledgeGraph graph, int triples, int? limit = null)
    {
        _runtime = new PathRuntime(model, graph, limit);
        Triple[] test = graph.Triples(GraphSplit.Test).ToArray();
        Triple[] chosen = [.. Enumerable.Range(0, triples).Select(i => test[(long)i * test.Length / triples])];
        _leases = chosen.Select(triple => triple.Relation).Distinct().ToDictionary(relation => relation, _runtime.Take);
        _queries = [.. chosen.SelectMany(BothSides)];
    }

    /// <summary>How many queries there are.</summary>
    public int Count => _queries.Length;

    /// <summary>How many relations they ask for.</summary>
    public int RelationCount => _leases.Count;

    /// <summary>d.</summary>
    public int Width => _runtime.Width;

    /// <summary>The graph of messages between entities.</summary>
    public MessageGraph Entities => _runtime.Entities;

    /// <summary>The entity that each query starts from.</summary>
    public IEnumerable<int> Sources => _queries.Select(each => each.Query.Source);

    /// <summary>Gives a benchmark the model, on one thread; a message where the model is missing.</summary>
    public static void OnOneThread(Action<FoundationModel> run)
    {
        TorchRuntime.EnsureLoaded();
        if (ReadModel() is not { } model)
        {
            return;
        }

        int available = get_num_threads();
        set_num_threads(1);
        run(model);
        set_num_threads(available);
    }

    private static FoundationModel? ReadModel()
    {
        if (Machine.PretrainedModel("ultra") is { } folder)
        {
            return FoundationCheckpoint.Read(Path.Combine(folder, "ultra_50g.pth"));
        }

        Console.Error.WriteLine("There is no folder ultra in GMT_MODELS, nor in shared/models beside the repository.");
        return null;
    }

    /// <summary>Scores all entities by one query.</summary>
    public void ScoreAll(int number, Span<float> scores) => _queries[number].Network.ScoreAll([_queries[number].Query], scores);

    /// <summary>Scores a query's answer alone.</summary>
    public void Score(int number) => _queries[number].Network.Score(_queries[number].Query, _queries[number].Answer);

    /// <summary>Frees the model's networks on the graph.</summary>
    public void Dispose()
    {
        foreach (RelationCache.Lease lease in _leases.Values)
        {
            lease.Dispose();
        }

        _runtime.Dispose();
    }

    private IEnumerable<(IPathNetwork Network, PathQuery Query, int Answer)> BothSides(Triple triple)
    {
        ConditionedRelation relation = _leases[triple.Relation].Relation;
        int inverse = triple.Relation + (Entities.LabelCount / 2);
        yield return (relation.Network, new PathQuery(triple.Head, relation.Vector(triple.Relation, Width), default), triple.Tail);
        yield return (relation.Network, new PathQuery(triple.Tail, relation.Vector(inverse, Width), default), triple.Head);
    }
}
