using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Paths;

[TestClass]
public sealed class PathExplanationTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Edges_weigh_what_finite_differences_of_the_score_say(bool hasDegrees)
    {
        const float Step = 2e-3f;
        var random = new Random(7);
        MessageGraph graph = MessageGraph.Build(9, 4, PathNetworks.Edges(random, 9, 4, 10));
        PathLayer[] layers = [.. Enumerable.Range(0, 3).Select(_ => PathNetworks.Layer(random, 4, 16, hasDegrees))];
        PathReadout readout = PathNetworks.Readout(random, 32, 16);
        var query = new PathQuery(2, PathNetworks.Numbers(random, 16, 1), new[] { 3, 8 });
        using var kernel = new ManagedPathKernel(graph);
        int count = 0, different = 0;
        for (int node = 0; node < graph.NodeCount; node++)
        {
            float[][] gradients = EdgeGradients.Of(kernel, layers, readout, query, node);
            double largest = gradients.SelectMany(row => row).Max(Math.Abs);
            for (int layer = 0; layer < layers.Length; layer++)
            {
                for (int edge = 0; edge < graph.EdgeCount; edge++)
                {
                    float Score(float factor) => new NaivePathNetwork(
                        graph, layers, readout, (l, e) => l == layer && e == edge ? factor : 1).Score(query, node);
                    double difference = (Score(1 + Step) - Score(1 - Step)) / (2 * Step);
                    different += Math.Abs(difference - gradients[layer][edge]) > 1e-2 * Math.Max(largest, 1e-2) ? 1 : 0;
                    count += gradients[layer][edge] != 0 ? 1 : 0;
                }
            }
        }

        // Where a relu turns between the two scores, the difference is that of neither side.
        Assert.IsGreaterThan(100, count);
        Assert.IsLessThan(count / 50, different, $"of {count} derivatives differ");
    }

    [TestMethod]
    public void Paths_are_the_best_of_all_that_can_be_walked() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Seeds, seed =>
        {
            var random = new Random(seed);
            int nodes = random.Next(1, 6), count = random.Next(1, 8);
            MessageGraph graph = MessageGraph.Build(nodes, 2, PathNetworks.Edges(random, nodes, 2, random.Next(1, 5)));
            float[][] weights = [.. Enumerable.Range(0, 3).Select(_ => PathNetworks.Numbers(random, graph.EdgeCount, 1))];
            MessageEdge Fact(int edge) => new(graph.ReceiverOf(edge), graph.Senders[edge], graph.Labels[edge]);
            int[] removed = graph.EdgeCount < 2 ? [] : [.. Enumerable.Range(0, graph.EdgeCount).Where(edge => Fact(edge) == Fact(1))];
            var query = new PathQuery(random.Next(nodes), default, removed);
            int node = random.Next(nodes);
            Dictionary<string, double> all = [];
            Walk(query.Source, 0, "", 0);
            IReadOnlyList<EdgePath> found = new BestPaths(graph, query, node, count).Find(weights);
            static double Mean(KeyValuePair<string, double> path) => path.Value / path.Key.Split(' ').Length;
            double[] expected = [.. all.Select(Mean).OrderDescending().Take(count)];
            Assert.HasCount(expected.Length, found);
            for (int i = 0; i < expected.Length; i++)
            {
                string edges = string.Join(' ', found[i].Edges.Select(step => step.Edge));
                Assert.AreEqual(expected[i], found[i].Mean, 1e-6);
                Assert.AreEqual(all[edges], found[i].Weight, 1e-6);
                Assert.AreEqual(found[i].Weight, found[i].Edges.Sum(step => step.Weight), 1e-6);
            }

            void Walk(int at, int layer, string edges, double weight)
            {
                if (layer == weights.Length)
                {
                    if (at == node && edges.Length > 0)
                    {
                        all[edges] = Math.Max(weight, all.GetValueOrDefault(edges, double.MinValue));
                    }

                    return;
                }

                Walk(at, layer + 1, edges, weight);
                foreach (IGrouping<MessageEdge, int> fact in Enumerable.Range(0, graph.EdgeCount).GroupBy(Fact))
                {
                    // Copies of a fact are one step.
                    int edge = fact.First();
                    bool goesOn = at == node && edges.Length > 0;
                    bool comesBack = graph.ReceiverOf(edge) == query.Source && query.Source != node;
                    if (graph.Senders[edge] == at && !removed.Contains(edge) && !goesOn && !comesBack)
                    {
                        Walk(
                            graph.ReceiverOf(edge), layer + 1, $"{edges} {edge}".Trim(),
                            weight + fact.Sum(copy => (double)weights[layer][copy]));
                    }
                }
            }
        }));

    [TestMethod]
    [DataRow(RankSide.Tail)]
    [DataRow(RankSide.Head)]
    public void A_path_leads_over_facts_of_the_graph_from_what_was_given_to_what_was_asked_for(RankSide side)
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext();
        using PathScoringTransformer model = ml.Transforms.ApplyPathModel(Pipelines.Graph, TinyPathModel.Write(folder["a.pth"]))
            .Fit(Pipelines.Graph.ToDataView());
        Triple triple = Pipelines.Graph.Triples(GraphSplit.Train)[0];
        IReadOnlyList<ExplainedPath> paths = model.ExplainPaths(triple, side, count: 8);
        Assert.IsGreaterThan(0, paths.Count);
        Assert.IsLessThanOrEqualTo(8, paths.Count);
        var known = new KnownTriples(Pipelines.Graph, GraphSplit.Train);
        foreach (ExplainedPath path in paths)
        {
            int at = side == RankSide.Tail ? triple.Head : triple.Tail;
            foreach (ExplainedStep step in path.Steps)
            {
                Assert.IsTrue(known.Contains(step.Fact));
                Assert.AreNotEqual(triple, step.Fact, "it is hidden");
                (int from, int to) = step.IsForward ? (step.Fact.Head, step.Fact.Tail) : (step.Fact.Tail, step.Fact.Head);
                Assert.AreEqual(at, from);
                at = to;
            }

            Assert.AreEqual(side == RankSide.Tail ? triple.Tail : triple.Head, at);
            Assert.IsLessThanOrEqualTo(3, path.Steps.Count);
            Assert.AreEqual(path.Weight, path.Steps.Average(step => step.Weight), 1e-6);
        }

        CollectionAssert.AreEqual(
            paths.Select(path => path.Weight).OrderDescending().ToArray(), paths.Select(path => path.Weight).ToArray());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.ExplainPaths(triple, count: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.ExplainPaths(triple with { Tail = -1 }));
    }
}
