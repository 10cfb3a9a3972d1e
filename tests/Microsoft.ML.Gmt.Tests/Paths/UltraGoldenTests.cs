using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt.Tests.Paths;

/// <summary>Numbers of ULTRA's checkpoints, recorded by a program of other authors' design in double precision.</summary>
[TestClass]
public sealed class UltraGoldenTests
{
    private const double RepresentationTolerance = 3e-5;
    private const double ScoreTolerance = 1e-4;

    [TestMethod]
    [DataRow("crafted")]
    [DataRow("umls")]
    [DataRow("codex-s")]
    public void The_graph_of_relations_is_the_recorded_one(string name)
    {
        using UltraGolden golden = UltraGolden.Open(name);
        MessageGraph graph = RelationGraph.Build(EntityMessages.Build(golden.Graph));
        (int Receiver, int Sender, int Label)[] recorded =
            [.. golden.Ids("relation_graph").Chunk(3).Select(row => (row[0], row[1], row[2])).Order()];
        List<(int Receiver, int Sender, int Label)> edges = [];
        for (int receiver = 0; receiver < graph.NodeCount; receiver++)
        {
            for (long edge = graph.Offsets[receiver]; edge < graph.Offsets[receiver + 1]; edge++)
            {
                edges.Add((receiver, graph.Senders[(int)edge], graph.Labels[(int)edge]));
            }
        }

        Assert.AreEqual(2 * golden.Graph.Relations.Count, graph.NodeCount);
        CollectionAssert.AreEqual(recorded, edges.Order().ToArray());
    }

    [TestMethod]
    [DataRow("crafted", "3g")]
    [DataRow("crafted", "50g")]
    [DataRow("umls", "3g")]
    [DataRow("umls", "50g")]
    [DataRow("codex-s", "3g")]
    [DataRow("codex-s", "50g")]
    public void Representations_of_relations_are_the_recorded_ones(string name, string checkpoint)
    {
        using UltraGolden golden = UltraGolden.Open(name);
        using var scorer = new PathScorer(UltraGolden.Model(checkpoint), golden.Graph);
        float[] recorded = golden.Numbers($"{checkpoint}/relation_representations");
        int[] relations = golden.Ids("query_relations");
        int size = recorded.Length / relations.Length;
        for (int i = 0; i < relations.Length; i++)
        {
            UltraGolden.AreNear(
                recorded.AsSpan(i * size, size), scorer.Runtime.Represent(relations[i]), RepresentationTolerance,
                $"relation {relations[i]}");
        }
    }

    [TestMethod]
    [DataRow("3g")]
    [DataRow("50g")]
    public void Every_layer_of_both_networks_is_the_recorded_one(string checkpoint)
    {
        using UltraGolden golden = UltraGolden.Open("crafted");
        FoundationModel model = UltraGolden.Model(checkpoint);
        Triple query = golden.Triples("tail_queries")[0];
        MessageGraph entities = EntityMessages.Build(golden.Graph);
        float[] ones = [.. Enumerable.Repeat(1f, model.Shape.Width)];
        float[] represented = States(
            RelationGraph.Build(entities), model.RelationLayers, new PathQuery(query.Relation, ones, default), "first/relation_states");
        PathLayer[] layers = [.. model.EntityLayers.Select(layer => layer.Project(represented))];
        UltraGolden.AreNear(
            golden.Numbers($"{checkpoint}/first/projected_relations"), layers.SelectMany(layer => layer.Labels).ToArray(), ScoreTolerance,
            "vectors of labels");
        ReadOnlyMemory<float> vector = represented.AsMemory(query.Relation * model.Shape.Width, model.Shape.Width);
        States(entities, layers, new PathQuery(query.Head, vector, default), "first/entity_states");

        float[] States(MessageGraph graph, IReadOnlyList<PathLayer> all, PathQuery asked, string name)
        {
            float[] recorded = golden.Numbers($"{checkpoint}/{name}"), states = new float[graph.NodeCount * model.Shape.Width];
            using IPathKernel kernel = PathKernel.Create(graph);
            for (int layer = 1; layer <= all.Count; layer++)
            {
                using IPathNetwork network = kernel.Bind([.. all.Take(layer)], readout: null);
                network.States(asked, states);
                UltraGolden.AreNear(recorded.AsSpan(layer * states.Length, states.Length), states, ScoreTolerance, $"{name} {layer}");
            }

            return states;
        }
    }

    [TestMethod]
    [DataRow("crafted", "3g")]
    [DataRow("crafted", "50g")]
    [DataRow("umls", "3g")]
    [DataRow("umls", "50g")]
    [DataRow("codex-s", "3g")]
    [DataRow("codex-s", "50g")]
    public void Scores_are_the_recorded_ones_with_and_without_the_querys_own_edges(string name, string checkpoint)
    {
        using UltraGolden golden = UltraGolden.Open(name);
        using var scorer = new PathScorer(UltraGolden.Model(checkpoint), golden.Graph);
        Triple[] tails = golden.Triples("tail_queries"), heads = golden.Triples("head_queries");
        float[] scores = new float[tails.Length * golden.Graph.Entities.Count];
        foreach ((QueryMask mask, string suffix) in new[] { (QueryMask.None, ""), (QueryMask.Full, "_removed") })
        {
            scorer.ScoreTails(tails, mask, scores);
            float[] recorded = golden.Numbers($"{checkpoint}/tail_scores{suffix}");
            UltraGolden.AreNear(recorded, scores, ScoreTolerance, $"scores of tails{suffix}");
            float[] recordedHeads = golden.Numbers($"{checkpoint}/head_scores{suffix}");
            scorer.ScoreHeads(heads, mask, scores);
            UltraGolden.AreNear(recordedHeads, scores, ScoreTolerance, $"scores of heads{suffix}");

            // Each logit on its own.
            float[] headLogits = new float[tails.Length], tailLogits = new float[tails.Length];
            scorer.ScoreSides(TripleQuery.Of(tails), mask, headLogits, tailLogits);
            UltraGolden.AreNear(Own(recorded, tails.Select(triple => triple.Tail)), tailLogits, ScoreTolerance, $"logits of tails{suffix}");
            scorer.ScoreSides(TripleQuery.Of(heads), mask, headLogits, tailLogits);
            UltraGolden.AreNear(
                Own(recordedHeads, heads.Select(triple => triple.Head)), headLogits, ScoreTolerance, $"logits of heads{suffix}");
        }

        float[] Own(float[] all, IEnumerable<int> answers) =>
            [.. answers.Select((answer, row) => all[(row * golden.Graph.Entities.Count) + answer])];
    }
}
