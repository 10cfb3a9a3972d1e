using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Examples.PathModel;

/// <summary>The graphs that subgraphs are drawn from, and what is held out of them to validate on.</summary>
/// <remarks>
/// Of a graph with many relations some are held out with all their triples: a model is chosen by how it does on relations that it never
/// met, which is what it is for. Only training triples are read.
/// </remarks>
internal sealed class PretrainingData
{
    private const int FewestToHoldOut = 50;
    private const double HeldOutRelations = .15;

    private readonly List<(double Weight, SubgraphSampler Sampler)> _samplers = [];
    private readonly List<(string, string)> _identity = [];

    /// <param name="graphs">The graphs by name; at least one has 50 relations.</param>
    /// <param name="sampler">Which subgraphs are drawn.</param>
    public PretrainingData(IEnumerable<(string Name, KnowledgeGraph Graph)> graphs, SamplerOptions sampler)
    {
        Validation? validation = null;
        foreach ((string name, KnowledgeGraph graph) in graphs)
        {
            Triple[] triples = [.. graph.Triples(GraphSplit.Train)];
            int relations = graph.Relations.Count;
            HashSet<int> heldOut = relations >= FewestToHoldOut && validation is null ? HeldOut(relations) : [];
            if (heldOut.Count > 0)
            {
                // All relations and facts of these, and sizes as graphs of users have them.
                SamplerOptions all = sampler with
                {
                    FewestEntities = 600,
                    MostEntities = 2000,
                    FewestNeighbors = 16,
                    FewestRelations = relations,
                    MostRelations = relations,
                    LeastShare = 1,
                    LeastHeldOut = .1,
                    MostHeldOut = .1,
                };
                validation = new Validation(
                    Source(name, graph, triples.Where(triple => heldOut.Contains(triple.Relation))), all, subgraphs: 12, queries: 48);
            }

            // Graphs of few relations teach less in a step than those of many.
            _samplers.Add((Math.Sqrt(relations - heldOut.Count), new SubgraphSampler(
                Source(name, graph, triples.Where(triple => !heldOut.Contains(triple.Relation))), sampler)));
            _identity.AddRange(GraphIdentity.Of(graph).Select(part => ($"{name}: {part.Name}", part.Value)));
        }

        Validation = validation ?? throw new ArgumentException(
            $"No graph has {FewestToHoldOut} relations, of which some could be held out to validate on.", nameof(graphs));
        _identity.Add(("sampler", sampler.ToString()));
    }

    /// <summary>What validates.</summary>
    public Validation Validation { get; }

    /// <summary>What a run's numbers depend on.</summary>
    public IEnumerable<(string Name, string Value)> Identity() => _identity;

    /// <summary>Questions about a subgraph of one of the graphs.</summary>
    public QueryBatch Draw(PretrainingOptions options, ref CounterRandom random)
    {
        double at = random.NextDouble() * _samplers.Sum(sampler => sampler.Weight);
        SubgraphSampler chosen = _samplers[^1].Sampler;
        foreach ((double weight, SubgraphSampler sampler) in _samplers)
        {
            if (at < weight)
            {
                chosen = sampler;
                break;
            }

            at -= weight;
        }

        while (true)
        {
            QueryBatch batch = QueryBatch.Draw(chosen.Draw(ref random), options.QueriesInStep, options.RelationsInStep, ref random);
            if (batch.Queries.Length > 0)
            {
                return batch;
            }
        }
    }

    private static SourceGraph Source(string name, KnowledgeGraph graph, IEnumerable<Triple> triples) =>
        new(name, graph.Entities.Count, graph.Relations.Count, triples);

    private static HashSet<int> HeldOut(int relations)
    {
        int[] order = [.. Enumerable.Range(0, relations)];
        CounterRandom random = new RandomStreams(RandomStreams.DefaultSeed).Stream("path-held-out-relations");
        random.Shuffle<int>(order);
        return [.. order.Take((int)(HeldOutRelations * relations))];
    }
}
