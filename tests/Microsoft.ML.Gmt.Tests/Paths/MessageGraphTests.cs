using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Paths;

namespace Microsoft.ML.Gmt.Tests.Paths;

[TestClass]
public sealed class MessageGraphTests
{
    [TestMethod]
    public void Edges_stand_by_receiver_label_and_sender_and_are_found_with_all_copies() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            int nodes = random.Next(1, 9), labels = 2 * random.Next(1, 3);
            List<MessageEdge> edges = PathNetworks.Edges(random, nodes, labels, random.Next(20));
            MessageGraph graph = MessageGraph.Build(nodes, labels, edges);
            MessageEdge[] laidOut = [.. Enumerable.Range(0, graph.EdgeCount).Select(At)];
            CollectionAssert.AreEqual(
                edges.OrderBy(edge => (edge.Receiver, edge.Label, edge.Sender)).ToArray(), laidOut);
            for (int node = 0; node < nodes; node++)
            {
                Assert.AreEqual(laidOut.Count(edge => edge.Receiver <= node), graph.Offsets[node + 1]);
                for (int other = 0; other < nodes; other++)
                {
                    var asked = new MessageEdge(node, other, random.Next(labels));
                    (int start, int count) = graph.Find(asked).GetOffsetAndLength(graph.EdgeCount);
                    Assert.AreEqual(edges.Count(edge => edge == asked), count);
                    CollectionAssert.AreEqual(Enumerable.Repeat(asked, count).ToArray(), laidOut[start..(start + count)]);
                }
            }

            MessageEdge At(int edge) => new(graph.ReceiverOf(edge), graph.Senders[edge], graph.Labels[edge]);
        }));

    [TestMethod]
    public void A_graph_without_edges_has_none() =>
        Assert.AreEqual(0..0, MessageGraph.Build(3, 2, []).Find(new MessageEdge(1, 2, 0)));
}
