using System.Globalization;
using Microsoft.ML.Gmt.Features;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Ranking;

namespace Benchmarks.Features;

/// <summary>
/// How fast features are computed, each kind beside its bound: for counts and rules reading the lists of edges that the two ends have,
/// for the edge memory adding up as many entries of its matrix, for scores the scorer alone. On CoDEx-S and on the graphs of the folders in
/// <c>GMT_FEATURES_DATA</c>; triples are training, validation and negative ones of the graph.
/// </summary>
internal sealed class FeatureSpeed : IBenchmark
{
    private const int Rounds = 3;
    private const int MostTriples = 20_000;
    private const int MostScored = 2_000;

    public string Verb => "features";

    public string What => "features of triples (goal: 20,000 triples a second on two threads for counts and rules)";

    public void Run()
    {
        Console.WriteLine("| graph | what | triples a second | a second and core | bound, a second and core | share of the bound |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- |");
        string[] more = (Environment.GetEnvironmentVariable("GMT_FEATURES_DATA") ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (string folder in more.Prepend(Machine.DataSet("codex-s")))
        {
            Measure(Path.GetFileName(folder), KnowledgeGraphReader.Read(folder));
        }
    }

    private static void Measure(string name, KnowledgeGraph graph)
    {
        var edges = new SignedEdges(graph);
        TripleQuery[] queries = Queries(graph);
        IReadOnlyList<IFeatureGroup> counts = [];
        var mining = new Best();
        mining.Time(() => counts = TripleFeaturizer.CountGroups(edges));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | mining of rules and counts | {mining.Seconds:f2} s | {mining.ProcessorSeconds:f2} s | | |"));

        Best walk = Time(() => Walk(edges, queries));
        foreach (IFeatureGroup group in counts)
        {
            Report(name, $"{group.GetType().Name}, with the paths between the ends", queries.Length, Time(edges, [group], queries), null);
        }

        Report(name, "**counts and rules**", queries.Length, Time(edges, counts, queries), walk);
        if (edges.EntityCount <= DenseRidgeInverse.MostEntities)
        {
            DenseRidgeInverse? inverse = null;
            var inverting = new Best();
            inverting.Time(() => inverse = new DenseRidgeInverse(edges, EdgeMemoryFeatures.DefaultRegularization));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | inverting the edge memory | {inverting.Seconds:f2} s | {inverting.ProcessorSeconds:f2} s | | |"));
            Report(
                name, "edge memory", queries.Length, Time(edges, [new EdgeMemoryFeatures(inverse!)], queries),
                Time(() => Gather(edges, queries)));
        }

        Scores(name, graph, edges, queries[..Math.Min(MostScored, queries.Length)]);
    }

    private static void Scores(string name, KnowledgeGraph graph, SignedEdges edges, TripleQuery[] queries)
    {
        var scorer = new PopularityOfAll(graph);
        var features = new ScoreFeatures(edges, new FoldedScorer("Popularity", scorer, [], new TripleFolds(5, 1)));
        float[] values = new float[queries.Length * ScoreFeatures.Count];
        Best best = Time(() => features.Compute(queries, values, ScoreFeatures.Count, 0));
        Triple[] tails = [.. queries.Select(query => query.Triple).DistinctBy(triple => (triple.Head, triple.Relation))];
        Triple[] heads = [.. queries.Select(query => query.Triple).DistinctBy(triple => (triple.Relation, triple.Tail))];
        Best bound = Time(() =>
        {
            float[] scores = new float[graph.Entities.Count * 64];
            foreach (Triple[] part in tails.Chunk(64).Concat(heads.Chunk(64)))
            {
                scorer.ScoreTails(part, QueryMask.None, scores.AsMemory(0, part.Length * graph.Entities.Count));
            }
        });
        Report(name, "scores of a scorer that costs one number an entity", queries.Length, best, bound);
    }

    private static TripleQuery[] Queries(KnowledgeGraph graph) =>
    [
        .. TripleQuery.Of(graph.Triples(GraphSplit.Validation).ToArray()),
        .. TripleQuery.Of(graph.Negatives(GraphSplit.Validation).ToArray()),
        .. TripleQuery.Of(graph.Triples(GraphSplit.Train).ToArray().Where((_, i) => i % 7 == 0)).Take(MostTriples / 2),
    ];

    private static void Walk(SignedEdges edges, TripleQuery[] queries) => Parallel.For(0, queries.Length, () => 0L, (row, _, sum) =>
    {
        (int head, int relation, int tail) = queries[row].Triple;
        foreach ((int entity, int signed, int other) in new[] { (head, 2 * relation, tail), (tail, (2 * relation) + 1, head) })
        {
            sum += Sum(edges.JoinNeighbors(entity));
            int marked = edges.Neighbors(other, SignedEdges.Inverse(signed)).Length;
            ReadOnlySpan<int> relations = edges.RelationsOf(entity), neighbors = edges.NeighborsOf(entity);
            for (int i = 0; i < relations.Length && marked > 0; i++)
            {
                ReadOnlySpan<int> having = edges.Neighbors(neighbors[i], SignedEdges.Inverse(relations[i]));
                sum += Sum(having[..Math.Min(having.Length, marked)]);
            }
        }

        return sum;
    }, sum => Interlocked.Add(ref _sink, sum));

    private static void Gather(SignedEdges edges, TripleQuery[] queries)
    {
        float[][] rows = [.. Enumerable.Range(0, edges.EntityCount).Select(_ => new float[edges.EntityCount])];
        Parallel.For(0, queries.Length, () => 0.0, (row, _, sum) =>
        {
            (int head, int relation, int tail) = queries[row].Triple;
            foreach (int entity in edges.Neighbors(tail, (2 * relation) + 1))
            {
                sum += rows[head][entity];
            }

            foreach (int entity in edges.Neighbors(head, 2 * relation))
            {
                sum += rows[tail][entity];
            }

            return sum;
        }, sum => Interlocked.Add(ref _sink, (long)sum));
    }

    private static long _sink;

    private static long Sum(ReadOnlySpan<int> values)
    {
        long sum = 0;
        foreach (int value in values)
        {
            sum += value;
        }

        return sum;
    }

    private static Best Time(SignedEdges edges, IReadOnlyList<IFeatureGroup> groups, TripleQuery[] queries)
    {
        var featurizer = new TripleFeaturizer(edges, groups);
        float[] values = new float[queries.Length * featurizer.Slots.Count];
        return Time(() => featurizer.Compute(queries, values, featurizer.Slots.Count));
    }

    private static Best Time(Action work)
    {
        var best = new Best();
        for (int round = 0; round < Rounds; round++)
        {
            best.Time(work);
        }

        return best;
    }

    private static void Report(string graph, string what, int triples, Best best, Best? bound) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {graph} | {what} | {triples / best.Seconds:n0} | {triples / best.ProcessorSeconds:n0} | {Beside(bound, best, triples)}"));

    private static string Beside(Best? bound, Best best, int triples) => bound is null ? "| |" : string.Create(
        CultureInfo.InvariantCulture,
        $"{triples / bound.ProcessorSeconds:n0} | {bound.ProcessorSeconds / best.ProcessorSeconds:p0} |");

    /// <summary>The least that a scorer can do: one number for each entity.</summary>
    private sealed class PopularityOfAll(KnowledgeGraph graph) : ITripleScorer
    {
        private readonly float[] _degrees =
            [.. Enumerable.Range(0, graph.Entities.Count).Select(entity => MathF.Log(1 + graph.Adjacency.Degree(entity)))];

        public KnowledgeGraph Graph => graph;

        public KnownTriples FittedOn { get; } = KnownTriples.Of(graph, ReadOnlyMemory<Triple>.Empty);

        public bool CanMask => false;

        public void Score(ReadOnlyMemory<Triple> triples, QueryMask mask, Memory<float> scores) =>
            Array.ConvertAll(triples.ToArray(), triple => _degrees[triple.Tail]).CopyTo(scores);

        public void ScoreTails(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores)
        {
            for (int row = 0; row < queries.Length; row++)
            {
                _degrees.CopyTo(scores.Span[(row * _degrees.Length)..]);
            }
        }

        public void ScoreHeads(ReadOnlyMemory<Triple> queries, QueryMask mask, Memory<float> scores) => ScoreTails(queries, mask, scores);
    }
}
